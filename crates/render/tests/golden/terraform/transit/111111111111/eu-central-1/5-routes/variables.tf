variable "data_euc1_az1_route_table_id" {
  description = "output `data_euc1_az1_route_table_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_euc1_az2_route_table_id" {
  description = "output `data_euc1_az2_route_table_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_tgw_eu_central_1_attachment_id" {
  description = "output `data_tgw_eu_central_1_attachment_id` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "shop_tgw_eu_central_1_attachment_id" {
  description = "output `shop_tgw_eu_central_1_attachment_id` of 222222222222/eu-central-1/3-front"
  type        = string
}

variable "tgw_eu_central_1_main_transit_table_id" {
  description = "output `tgw_eu_central_1_main_transit_table_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "tgw_eu_central_1_transit_gateway_id" {
  description = "output `tgw_eu_central_1_transit_gateway_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "tgw_eu_west_1_tgw_eu_central_1_transit_peering_id" {
  description = "output `tgw_eu_west_1_tgw_eu_central_1_transit_peering_id` of 111111111111/eu-west-1/3-front"
  type        = string
}
