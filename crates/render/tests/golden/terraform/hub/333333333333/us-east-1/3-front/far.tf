# attaches `far` to `east`
resource "aws_ec2_transit_gateway_vpc_attachment" "far_east" {
  transit_gateway_id = var.east_transit_gateway_id
  vpc_id             = var.far_vpc_id
  subnet_ids         = [var.far_use1_az1_subnet_id, var.far_use1_az2_subnet_id]

  tags = {
    Name = "far@east"
  }
}
