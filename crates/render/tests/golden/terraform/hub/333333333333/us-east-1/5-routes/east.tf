# what comes from `far` is routed by `east/main`
resource "aws_ec2_transit_gateway_route_table_association" "far_east" {
  transit_gateway_attachment_id  = var.far_east_attachment_id
  transit_gateway_route_table_id = var.east_main_transit_table_id
}

# what crosses `east@tgw-eu-central-1` is routed by `east/main`
resource "aws_ec2_transit_gateway_route_table_association" "peering_east_tgw_eu_central_1_east" {
  transit_gateway_attachment_id  = var.east_tgw_eu_central_1_transit_peering_id
  transit_gateway_route_table_id = var.east_main_transit_table_id
}

# `east/main` learns the ranges behind `far@east`
resource "aws_ec2_transit_gateway_route_table_propagation" "east_main_from_far_east" {
  transit_gateway_attachment_id  = var.far_east_attachment_id
  transit_gateway_route_table_id = var.east_main_transit_table_id
}

# over peering `east@tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route" "east_main_to_10_0_0_0_16" {
  transit_gateway_route_table_id = var.east_main_transit_table_id
  destination_cidr_block         = "10.0.0.0/16"
  transit_gateway_attachment_id  = var.east_tgw_eu_central_1_transit_peering_id
}
