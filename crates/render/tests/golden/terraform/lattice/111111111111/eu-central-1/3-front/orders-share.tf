# lets other accounts use the resources behind `orders-resources`
resource "aws_ram_resource_share" "orders_resources" {
  name                      = "lattice-orders-resources"
  allow_external_principals = true

  tags = {
    Name = "lattice-orders-resources"
  }
}

resource "aws_ram_resource_association" "orders_resources_orders_1" {
  resource_share_arn = aws_ram_resource_share.orders_resources.arn
  resource_arn       = aws_vpclattice_resource_configuration.orders_1.arn
}

resource "aws_ram_resource_association" "orders_resources_orders_2" {
  resource_share_arn = aws_ram_resource_share.orders_resources.arn
  resource_arn       = aws_vpclattice_resource_configuration.orders_2.arn
}

resource "aws_ram_principal_association" "orders_resources_222222222222" {
  resource_share_arn = aws_ram_resource_share.orders_resources.arn
  principal          = "222222222222"
}
