# `shop` reaches broker 1 of `orders` here
resource "aws_vpc_endpoint" "shop_orders_1" {
  vpc_id              = "vpc-05409000000000002"
  vpc_endpoint_type   = "Interface"
  service_name        = var.orders_1_service_name
  private_dns_enabled = false

  security_group_ids = [
    var.shop_orders_endpoint_group_id,
  ]

  subnet_ids = ["subnet-05409000000000021", "subnet-05409000000000022"]

  tags = {
    Name = "shop-orders-1"
  }

  subnet_configuration {
    subnet_id = "subnet-05409000000000021"
    ipv4      = "10.0.8.117"
  }

  subnet_configuration {
    subnet_id = "subnet-05409000000000022"
    ipv4      = "10.0.9.117"
  }
}

# `shop` reaches broker 2 of `orders` here
resource "aws_vpc_endpoint" "shop_orders_2" {
  vpc_id              = "vpc-05409000000000002"
  vpc_endpoint_type   = "Interface"
  service_name        = var.orders_2_service_name
  private_dns_enabled = false

  security_group_ids = [
    var.shop_orders_endpoint_group_id,
  ]

  subnet_ids = ["subnet-05409000000000021", "subnet-05409000000000022"]

  tags = {
    Name = "shop-orders-2"
  }

  subnet_configuration {
    subnet_id = "subnet-05409000000000021"
    ipv4      = "10.0.8.118"
  }

  subnet_configuration {
    subnet_id = "subnet-05409000000000022"
    ipv4      = "10.0.9.118"
  }
}
