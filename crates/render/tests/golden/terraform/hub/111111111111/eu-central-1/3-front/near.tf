# joins `near` and `data`
resource "aws_vpc_peering_connection" "near_data" {
  vpc_id      = var.near_vpc_id
  peer_vpc_id = var.data_vpc_id
  auto_accept = true

  tags = {
    Name = "near-data"
  }
}
