# attaches `web` to `tgw-eu-west-1`
resource "aws_ec2_transit_gateway_vpc_attachment" "web_tgw_eu_west_1" {
  transit_gateway_id = var.tgw_eu_west_1_transit_gateway_id
  vpc_id             = var.web_vpc_id
  subnet_ids         = [var.web_euw1_az1_subnet_id]

  tags = {
    Name = "web@tgw-eu-west-1"
  }
}
