variable "data_euc1_az1_subnet_id" {
  description = "output `data_euc1_az1_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_euc1_az2_subnet_id" {
  description = "output `data_euc1_az2_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "events_brokers_group_id" {
  description = "output `events_brokers_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_private_ca_arn" {
  description = "ARN of the private CA (ACM) that signs certificates of `orders`'s clients"
  type        = string
}
