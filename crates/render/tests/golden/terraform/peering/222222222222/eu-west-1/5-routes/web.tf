# over peering `web-data`
resource "aws_route" "web_euw1_az1_to_10_0_0_0_16" {
  route_table_id            = var.web_euw1_az1_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = var.web_data_peering_id
}

# over peering `web-data`
resource "aws_route" "web_euw1_az1_to_100_64_0_0_20" {
  route_table_id            = var.web_euw1_az1_route_table_id
  destination_cidr_block    = "100.64.0.0/20"
  vpc_peering_connection_id = var.web_data_peering_id
}
