variable "tgw_eu_central_1_transit_gateway_id" {
  description = "output `tgw_eu_central_1_transit_gateway_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "tgw_eu_west_1_transit_gateway_id" {
  description = "output `tgw_eu_west_1_transit_gateway_id` of 111111111111/eu-west-1/1-network"
  type        = string
}

variable "web_euw1_az1_subnet_id" {
  description = "output `web_euw1_az1_subnet_id` of 111111111111/eu-west-1/1-network"
  type        = string
}

variable "web_vpc_id" {
  description = "output `web_vpc_id` of 111111111111/eu-west-1/1-network"
  type        = string
}
