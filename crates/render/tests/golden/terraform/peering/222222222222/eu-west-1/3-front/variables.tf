variable "data_vpc_id" {
  description = "output `data_vpc_id` of 011111111111/eu-central-1/1-network"
  type        = string
}

variable "web_vpc_id" {
  description = "output `web_vpc_id` of 222222222222/eu-west-1/1-network"
  type        = string
}
