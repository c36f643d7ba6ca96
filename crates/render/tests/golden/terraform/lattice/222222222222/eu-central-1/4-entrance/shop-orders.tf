# `shop` reaches broker 1 of `orders` here
resource "aws_vpc_endpoint" "shop_orders_1" {
  vpc_id                     = var.shop_vpc_id
  vpc_endpoint_type          = "Resource"
  resource_configuration_arn = var.orders_1_resource_arn
  private_dns_enabled        = true

  security_group_ids = [
    var.shop_orders_endpoint_group_id,
  ]

  subnet_ids = [var.shop_euc1_az1_subnet_id, var.shop_euc1_az2_subnet_id]

  tags = {
    Name = "shop-orders-1"
  }

  dns_options {
    private_dns_preference = "ALL_DOMAINS"
  }
}

# `shop` reaches broker 2 of `orders` here
resource "aws_vpc_endpoint" "shop_orders_2" {
  vpc_id                     = var.shop_vpc_id
  vpc_endpoint_type          = "Resource"
  resource_configuration_arn = var.orders_2_resource_arn
  private_dns_enabled        = true

  security_group_ids = [
    var.shop_orders_endpoint_group_id,
  ]

  subnet_ids = [var.shop_euc1_az1_subnet_id, var.shop_euc1_az2_subnet_id]

  tags = {
    Name = "shop-orders-2"
  }

  dns_options {
    private_dns_preference = "ALL_DOMAINS"
  }
}
