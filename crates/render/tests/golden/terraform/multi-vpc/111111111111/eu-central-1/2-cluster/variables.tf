variable "data_euc1_az1_subnet_id" {
  description = "output `data_euc1_az1_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_euc1_az2_subnet_id" {
  description = "output `data_euc1_az2_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_vpc_connectivity" {
  description = "whether VPC connectivity of `orders` is on"
  type        = bool
  default     = false
}
