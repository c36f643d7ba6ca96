variable "billing_group_id" {
  description = "output `billing_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

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

variable "data_vpc_id" {
  description = "output `data_vpc_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "east_tgw_eu_central_1_transit_peering_id" {
  description = "output `east_tgw_eu_central_1_transit_peering_id` of 333333333333/us-east-1/3-front"
  type        = string
}

variable "near_data_peering_id" {
  description = "output `near_data_peering_id` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "near_euc1_az1_route_table_id" {
  description = "output `near_euc1_az1_route_table_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "near_euc1_az2_route_table_id" {
  description = "output `near_euc1_az2_route_table_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "near_vpc_id" {
  description = "output `near_vpc_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 111111111111/eu-central-1/1-network"
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
