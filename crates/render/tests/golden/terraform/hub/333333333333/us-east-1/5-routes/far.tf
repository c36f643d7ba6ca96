# over transit gateway `east`
resource "aws_route" "far_use1_az1_to_10_0_0_0_16" {
  route_table_id         = var.far_use1_az1_route_table_id
  destination_cidr_block = "10.0.0.0/16"
  transit_gateway_id     = var.east_transit_gateway_id
}

# over transit gateway `east`
resource "aws_route" "far_use1_az2_to_10_0_0_0_16" {
  route_table_id         = var.far_use1_az2_route_table_id
  destination_cidr_block = "10.0.0.0/16"
  transit_gateway_id     = var.east_transit_gateway_id
}
