variable "shop_orders_1_endpoint_dns_name" {
  description = "output `shop_orders_1_endpoint_dns_name` of 222222222222/eu-central-1/4-entrance"
  type        = string
}

variable "shop_orders_1_endpoint_dns_zone" {
  description = "output `shop_orders_1_endpoint_dns_zone` of 222222222222/eu-central-1/4-entrance"
  type        = string
}

variable "shop_orders_2_endpoint_dns_name" {
  description = "output `shop_orders_2_endpoint_dns_name` of 222222222222/eu-central-1/4-entrance"
  type        = string
}

variable "shop_orders_2_endpoint_dns_zone" {
  description = "output `shop_orders_2_endpoint_dns_zone` of 222222222222/eu-central-1/4-entrance"
  type        = string
}
