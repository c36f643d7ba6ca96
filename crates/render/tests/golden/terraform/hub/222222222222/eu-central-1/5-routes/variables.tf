variable "shop_euc1_az1_route_table_id" {
  description = "output `shop_euc1_az1_route_table_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_euc1_az2_route_table_id" {
  description = "output `shop_euc1_az2_route_table_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "tgw_eu_central_1_transit_gateway_id" {
  description = "output `tgw_eu_central_1_transit_gateway_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
