# `shop` reaches any of `orders` here
resource "aws_vpc_endpoint" "shop_orders" {
  vpc_id              = var.shop_vpc_id
  vpc_endpoint_type   = "Interface"
  service_name        = var.orders_service_name
  private_dns_enabled = false

  security_group_ids = [
    var.shop_orders_endpoint_group_id,
  ]

  subnet_ids = [var.shop_euc1_az1_subnet_id, var.shop_euc1_az2_subnet_id]

  tags = {
    Name = "shop-orders"
  }

  subnet_configuration {
    subnet_id = var.shop_euc1_az1_subnet_id
    ipv4      = "10.1.6.10"
  }

  subnet_configuration {
    subnet_id = var.shop_euc1_az2_subnet_id
    ipv4      = "10.1.22.10"
  }
}
