variable "checkout_group_id" {
  description = "output `checkout_group_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "data_vpc_id" {
  description = "output `data_vpc_id` of 011111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 011111111111/eu-central-1/1-network"
  type        = string
}
