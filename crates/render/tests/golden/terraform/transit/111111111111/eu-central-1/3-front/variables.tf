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

variable "tgw_eu_central_1_transit_gateway_id" {
  description = "output `tgw_eu_central_1_transit_gateway_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
