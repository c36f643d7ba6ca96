# transit gateway `east`
resource "aws_ec2_transit_gateway" "east" {
  description                     = "east of hub"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"

  tags = {
    Name = "east"
  }
}

# route table `east/main` of `east`
resource "aws_ec2_transit_gateway_route_table" "east_main" {
  transit_gateway_id = aws_ec2_transit_gateway.east.id

  tags = {
    Name = "east/main"
  }
}
