variable "data_euc1_az1_subnet_id" {
  description = "output `data_euc1_az1_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_euc1_az2_subnet_id" {
  description = "output `data_euc1_az2_subnet_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "data_vpc_id" {
  description = "output `data_vpc_id` of 111111111111/eu-central-1/1-network"
  type        = string
}

variable "orders_broker_1_address" {
  description = "private IPv4 address of broker 1 of `orders`"
  type        = string

  validation {
    condition     = can(cidrhost("${var.orders_broker_1_address}/32", 0))
    error_message = "expected an IPv4 address."
  }
}

variable "orders_broker_2_address" {
  description = "private IPv4 address of broker 2 of `orders`"
  type        = string

  validation {
    condition     = can(cidrhost("${var.orders_broker_2_address}/32", 0))
    error_message = "expected an IPv4 address."
  }
}

variable "orders_nlb_certificate_arn" {
  description = "ARN of the certificate (ACM) that `orders-nlb` presents for *.kafka.example.org, every name in the domain of `orders`"
  type        = string

  validation {
    condition     = startswith(var.orders_nlb_certificate_arn, "arn:")
    error_message = "expected an ARN."
  }
}

variable "orders_nlb_group_id" {
  description = "output `orders_nlb_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
