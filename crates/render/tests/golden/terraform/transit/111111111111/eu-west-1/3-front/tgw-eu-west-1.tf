# joins `tgw-eu-west-1` and `tgw-eu-central-1`
resource "aws_ec2_transit_gateway_peering_attachment" "tgw_eu_west_1_tgw_eu_central_1" {
  transit_gateway_id      = var.tgw_eu_west_1_transit_gateway_id
  peer_transit_gateway_id = var.tgw_eu_central_1_transit_gateway_id
  peer_region             = "eu-central-1"

  tags = {
    Name = "tgw-eu-west-1@tgw-eu-central-1"
  }
}
