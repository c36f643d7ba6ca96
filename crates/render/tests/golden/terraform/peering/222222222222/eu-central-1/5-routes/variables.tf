variable "checkout_group_id" {
  description = "output `checkout_group_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 011111111111/eu-central-1/1-network"
  type        = string
}

variable "shop_corp_internal_resolver_endpoint_id" {
  description = "ID of the outbound resolver endpoint that asks for names under corp.internal"
  type        = string
}

variable "shop_data_peering_id" {
  description = "output `shop_data_peering_id` of 222222222222/eu-central-1/3-front"
  type        = string
}

variable "shop_euc1_az1_route_table_id" {
  description = "output `shop_euc1_az1_route_table_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_vpc_id" {
  description = "output `shop_vpc_id` of 222222222222/eu-central-1/1-network"
  type        = string
}
