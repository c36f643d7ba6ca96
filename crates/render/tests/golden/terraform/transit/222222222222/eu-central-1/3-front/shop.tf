# attaches `shop` to `tgw-eu-central-1`
resource "aws_ec2_transit_gateway_vpc_attachment" "shop_tgw_eu_central_1" {
  transit_gateway_id = var.tgw_eu_central_1_transit_gateway_id
  vpc_id             = var.shop_vpc_id
  subnet_ids         = [var.shop_euc1_az1_subnet_id]

  tags = {
    Name = "shop@tgw-eu-central-1"
  }
}
