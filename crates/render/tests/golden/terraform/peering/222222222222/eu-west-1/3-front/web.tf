# joins `web` and `data`
resource "aws_vpc_peering_connection" "web_data" {
  vpc_id        = var.web_vpc_id
  peer_vpc_id   = var.data_vpc_id
  peer_owner_id = "011111111111"
  peer_region   = "eu-central-1"

  tags = {
    Name = "web-data"
  }
}
