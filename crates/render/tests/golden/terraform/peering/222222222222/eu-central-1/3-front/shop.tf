# joins `shop` and `data`
resource "aws_vpc_peering_connection" "shop_data" {
  vpc_id        = var.shop_vpc_id
  peer_vpc_id   = var.data_vpc_id
  peer_owner_id = "011111111111"

  tags = {
    Name = "shop-data"
  }
}
