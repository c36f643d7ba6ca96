variable "web_data_peering_id" {
  description = "output `web_data_peering_id` of 222222222222/eu-west-1/3-front"
  type        = string
}

variable "web_euw1_az1_route_table_id" {
  description = "output `web_euw1_az1_route_table_id` of 222222222222/eu-west-1/1-network"
  type        = string
}
