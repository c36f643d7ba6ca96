variable "data_vpc_id" {
  description = "output `data_vpc_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_domain" {
  description = "domain under which Amazon MSK names the brokers of `orders`"
  type        = string

  validation {
    condition     = !startswith(var.orders_domain, ".") && !endswith(var.orders_domain, ".")
    error_message = "expected a domain without a dot at either end."
  }
}

variable "orders_nlb_balancer_dns_name" {
  description = "output `orders_nlb_balancer_dns_name` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "orders_nlb_balancer_dns_zone" {
  description = "output `orders_nlb_balancer_dns_zone` of 111111111111/eu-central-1/3-front"
  type        = string
}
