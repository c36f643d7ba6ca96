# over transit gateway `tgw-eu-west-1`
resource "aws_route" "web_euw1_az1_to_10_0_0_0_16" {
  route_table_id         = var.web_euw1_az1_route_table_id
  destination_cidr_block = "10.0.0.0/16"
  transit_gateway_id     = var.tgw_eu_west_1_transit_gateway_id
}
