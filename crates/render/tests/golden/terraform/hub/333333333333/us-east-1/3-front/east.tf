# joins `east` and `tgw-eu-central-1`
resource "aws_ec2_transit_gateway_peering_attachment" "east_tgw_eu_central_1" {
  transit_gateway_id      = var.east_transit_gateway_id
  peer_transit_gateway_id = var.tgw_eu_central_1_transit_gateway_id
  peer_region             = "eu-central-1"
  peer_account_id         = "111111111111"

  tags = {
    Name = "east@tgw-eu-central-1"
  }
}
