# transit gateway `tgw-eu-west-1`
resource "aws_ec2_transit_gateway" "tgw_eu_west_1" {
  description                     = "tgw-eu-west-1 of transit"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"

  tags = {
    Name = "tgw-eu-west-1"
  }
}

# route table `tgw-eu-west-1/main` of `tgw-eu-west-1`
resource "aws_ec2_transit_gateway_route_table" "tgw_eu_west_1_main" {
  transit_gateway_id = aws_ec2_transit_gateway.tgw_eu_west_1.id

  tags = {
    Name = "tgw-eu-west-1/main"
  }
}
