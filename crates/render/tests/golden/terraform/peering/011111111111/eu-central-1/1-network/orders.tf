# broker 1 of `orders`
resource "aws_network_interface" "orders_1" {
  subnet_id   = aws_subnet.data_euc1_az1.id
  private_ips = ["10.0.0.10"]

  security_groups = [
    aws_security_group.orders_brokers.id,
  ]

  tags = {
    Name = "orders/1"
  }
}

# broker 2 of `orders`
resource "aws_network_interface" "orders_2" {
  subnet_id   = aws_subnet.data_euc1_az2.id
  private_ips = ["100.64.0.10"]

  security_groups = [
    aws_security_group.orders_brokers.id,
  ]

  tags = {
    Name = "orders/2"
  }
}
