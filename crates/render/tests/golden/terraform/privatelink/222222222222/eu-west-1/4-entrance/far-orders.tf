# `far` reaches any of `orders` here
resource "aws_vpc_endpoint" "far_orders" {
  vpc_id              = var.far_vpc_id
  vpc_endpoint_type   = "Interface"
  service_name        = var.orders_service_name
  service_region      = "eu-central-1"
  private_dns_enabled = false

  security_group_ids = [
    var.far_orders_endpoint_group_id,
  ]

  subnet_ids = [var.far_euw1_az1_subnet_id, var.far_euw1_az2_subnet_id]

  tags = {
    Name = "far-orders"
  }

  subnet_configuration {
    subnet_id = var.far_euw1_az1_subnet_id
    ipv4      = "10.0.6.10"
  }

  subnet_configuration {
    subnet_id = var.far_euw1_az2_subnet_id
    ipv4      = "10.0.22.10"
  }
}
