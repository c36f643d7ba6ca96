# attaches `data` to `tgw-eu-central-1`
resource "aws_ec2_transit_gateway_vpc_attachment" "data_tgw_eu_central_1" {
  transit_gateway_id = var.tgw_eu_central_1_transit_gateway_id
  vpc_id             = var.data_vpc_id
  subnet_ids         = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]

  tags = {
    Name = "data@tgw-eu-central-1"
  }
}
