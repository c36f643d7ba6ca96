# transit gateway `tgw-eu-central-1`
resource "aws_ec2_transit_gateway" "tgw_eu_central_1" {
  description                     = "tgw-eu-central-1 of hub"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"

  tags = {
    Name = "tgw-eu-central-1"
  }
}

# lets other accounts attach VPCs to `tgw-eu-central-1`
resource "aws_ram_resource_share" "tgw_eu_central_1" {
  name                      = "hub-tgw-eu-central-1"
  allow_external_principals = true

  tags = {
    Name = "hub-tgw-eu-central-1"
  }
}

resource "aws_ram_resource_association" "tgw_eu_central_1" {
  resource_share_arn = aws_ram_resource_share.tgw_eu_central_1.arn
  resource_arn       = aws_ec2_transit_gateway.tgw_eu_central_1.arn
}

resource "aws_ram_principal_association" "tgw_eu_central_1_222222222222" {
  resource_share_arn = aws_ram_resource_share.tgw_eu_central_1.arn
  principal          = "222222222222"
}

# route table `tgw-eu-central-1/main` of `tgw-eu-central-1`
resource "aws_ec2_transit_gateway_route_table" "tgw_eu_central_1_main" {
  transit_gateway_id = aws_ec2_transit_gateway.tgw_eu_central_1.id

  tags = {
    Name = "tgw-eu-central-1/main"
  }
}
