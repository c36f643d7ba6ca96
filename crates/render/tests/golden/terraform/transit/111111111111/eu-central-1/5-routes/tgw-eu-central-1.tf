# what comes from `data` is routed by `tgw-eu-central-1/main`
resource "aws_ec2_transit_gateway_route_table_association" "data_tgw_eu_central_1" {
  transit_gateway_attachment_id  = var.data_tgw_eu_central_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
}

# what comes from `shop` is routed by `tgw-eu-central-1/main`
resource "aws_ec2_transit_gateway_route_table_association" "shop_tgw_eu_central_1" {
  transit_gateway_attachment_id  = var.shop_tgw_eu_central_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
}

# what crosses `tgw-eu-west-1@tgw-eu-central-1` is routed by `tgw-eu-central-1/main`
resource "aws_ec2_transit_gateway_route_table_association" "peering_tgw_eu_west_1_tgw_eu_central_1_tgw_eu_central_1" {
  transit_gateway_attachment_id  = var.tgw_eu_west_1_tgw_eu_central_1_transit_peering_id
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
}

# `tgw-eu-central-1/main` learns the ranges behind `data@tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route_table_propagation" "tgw_eu_central_1_main_from_data_tgw_eu_central_1" {
  transit_gateway_attachment_id  = var.data_tgw_eu_central_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
}

# `tgw-eu-central-1/main` learns the ranges behind `shop@tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route_table_propagation" "tgw_eu_central_1_main_from_shop_tgw_eu_central_1" {
  transit_gateway_attachment_id  = var.shop_tgw_eu_central_1_attachment_id
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
}

# over peering `tgw-eu-west-1@tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route" "tgw_eu_central_1_main_to_10_2_0_0_16" {
  transit_gateway_route_table_id = var.tgw_eu_central_1_main_transit_table_id
  destination_cidr_block         = "10.2.0.0/16"
  transit_gateway_attachment_id  = var.tgw_eu_west_1_tgw_eu_central_1_transit_peering_id
}
