variable "east_transit_gateway_id" {
  description = "output `east_transit_gateway_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "far_use1_az1_subnet_id" {
  description = "output `far_use1_az1_subnet_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "far_use1_az2_subnet_id" {
  description = "output `far_use1_az2_subnet_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "far_vpc_id" {
  description = "output `far_vpc_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "tgw_eu_central_1_transit_gateway_id" {
  description = "output `tgw_eu_central_1_transit_gateway_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
