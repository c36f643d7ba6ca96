variable "orders_1_service_name" {
  description = "output `orders_1_service_name` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "orders_2_service_name" {
  description = "output `orders_2_service_name` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "shop_orders_endpoint_group_id" {
  description = "output `shop_orders_endpoint_group_id` of 222222222222/eu-central-1/1-network"
  type        = string
}
