# what comes from `web` is routed by `tgw-eu-west-1/main`
resource "aws_ec2_transit_gateway_route_table_association" "web_tgw_eu_west_1" {
  transit_gateway_attachment_id  = var.web_tgw_eu_west_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_west_1_main_transit_table_id
}

# what crosses `tgw-eu-west-1@tgw-eu-central-1` is routed by `tgw-eu-west-1/main`
resource "aws_ec2_transit_gateway_route_table_association" "peering_tgw_eu_west_1_tgw_eu_central_1_tgw_eu_west_1" {
  transit_gateway_attachment_id  = var.tgw_eu_west_1_tgw_eu_central_1_transit_peering_id
  transit_gateway_route_table_id = var.tgw_eu_west_1_main_transit_table_id
}

# `tgw-eu-west-1/main` learns the ranges behind `web@tgw-eu-west-1`
resource "aws_ec2_transit_gateway_route_table_propagation" "tgw_eu_west_1_main_from_web_tgw_eu_west_1" {
  transit_gateway_attachment_id  = var.web_tgw_eu_west_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_west_1_main_transit_table_id
}

# over peering `tgw-eu-west-1@tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route" "tgw_eu_west_1_main_to_10_0_0_0_16" {
  transit_gateway_route_table_id = var.tgw_eu_west_1_main_transit_table_id
  destination_cidr_block         = "10.0.0.0/16"
  transit_gateway_attachment_id  = var.tgw_eu_west_1_tgw_eu_central_1_transit_peering_id
}
