variable "east_main_transit_table_id" {
  description = "output `east_main_transit_table_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "east_tgw_eu_central_1_transit_peering_id" {
  description = "output `east_tgw_eu_central_1_transit_peering_id` of 333333333333/us-east-1/3-front"
  type        = string
}

variable "east_transit_gateway_id" {
  description = "output `east_transit_gateway_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "far_east_attachment_id" {
  description = "output `far_east_attachment_id` of 333333333333/us-east-1/3-front"
  type        = string
}

variable "far_use1_az1_route_table_id" {
  description = "output `far_use1_az1_route_table_id` of 333333333333/us-east-1/1-network"
  type        = string
}

variable "far_use1_az2_route_table_id" {
  description = "output `far_use1_az2_route_table_id` of 333333333333/us-east-1/1-network"
  type        = string
}
