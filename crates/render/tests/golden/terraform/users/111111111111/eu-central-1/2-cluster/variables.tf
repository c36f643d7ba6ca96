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

variable "events_private_ca_arn" {
  description = "ARN of the private CA (ACM) that signs certificates of `events`'s clients"
  type        = string
}

variable "events_vpc_connectivity" {
  description = "whether VPC connectivity of `events` is on"
  type        = bool
  default     = false
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

variable "orders_domain" {
  description = "domain under which Amazon MSK names the brokers of `orders`"
  type        = string

  validation {
    condition     = !startswith(var.orders_domain, ".") && !endswith(var.orders_domain, ".")
    error_message = "expected a domain without a dot at either end."
  }
}
