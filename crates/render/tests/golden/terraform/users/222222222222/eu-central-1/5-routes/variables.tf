variable "orders_domain" {
  description = "domain under which Amazon MSK names the brokers of `orders`"
  type        = string

  validation {
    condition     = !startswith(var.orders_domain, ".") && !endswith(var.orders_domain, ".")
    error_message = "expected a domain without a dot at either end."
  }
}

variable "shop_orders_endpoint_dns_name" {
  description = "output `shop_orders_endpoint_dns_name` of 222222222222/eu-central-1/4-entrance"
  type        = string
}

variable "shop_orders_endpoint_dns_zone" {
  description = "output `shop_orders_endpoint_dns_zone` of 222222222222/eu-central-1/4-entrance"
  type        = string
}

variable "shop_vpc_id" {
  description = "output `shop_vpc_id` of 222222222222/eu-central-1/1-network"
  type        = string
}
