variable "tgw_eu_west_1_main_transit_table_id" {
  description = "output `tgw_eu_west_1_main_transit_table_id` of 111111111111/eu-west-1/1-network"
  type        = string
}

variable "tgw_eu_west_1_tgw_eu_central_1_transit_peering_id" {
  description = "output `tgw_eu_west_1_tgw_eu_central_1_transit_peering_id` of 111111111111/eu-west-1/3-front"
  type        = string
}

variable "tgw_eu_west_1_transit_gateway_id" {
  description = "output `tgw_eu_west_1_transit_gateway_id` of 111111111111/eu-west-1/1-network"
  type        = string
}

variable "web_euw1_az1_route_table_id" {
  description = "output `web_euw1_az1_route_table_id` of 111111111111/eu-west-1/1-network"
  type        = string
}

variable "web_tgw_eu_west_1_attachment_id" {
  description = "output `web_tgw_eu_west_1_attachment_id` of 111111111111/eu-west-1/3-front"
  type        = string
}
