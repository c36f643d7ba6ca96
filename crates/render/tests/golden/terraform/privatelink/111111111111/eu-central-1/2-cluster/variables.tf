variable "data_euc1_az1_subnet_id" {
  description = "output `data_euc1_az1_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_euc1_az2_subnet_id" {
  description = "output `data_euc1_az2_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_advertises_network" {
  description = "whether the brokers of `orders` advertise what the network leads to"
  type        = bool
  default     = false
}

variable "orders_brokers_group_id" {
  description = "output `orders_brokers_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
