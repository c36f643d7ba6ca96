variable "data_vpc_id" {
  description = "output `data_vpc_id` of 011111111111/eu-central-1/1-network"
  type        = string
}

variable "shop_vpc_id" {
  description = "output `shop_vpc_id` of 222222222222/eu-central-1/1-network"
  type        = string
}
