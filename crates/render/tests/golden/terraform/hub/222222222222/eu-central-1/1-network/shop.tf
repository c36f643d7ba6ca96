# VPC `shop`, 10.1.0.0/16
resource "aws_vpc" "shop" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "shop"
  }
}

# subnet of `shop` in euc1-az1
resource "aws_subnet" "shop_euc1_az1" {
  vpc_id               = aws_vpc.shop.id
  cidr_block           = "10.1.0.0/20"
  availability_zone_id = "euc1-az1"

  tags = {
    Name = "shop/euc1-az1"
  }
}

# `shop/euc1-az1` has a route table of its own
resource "aws_route_table" "shop_euc1_az1" {
  vpc_id = aws_vpc.shop.id

  tags = {
    Name = "shop/euc1-az1"
  }
}

# `shop/euc1-az1` has a route table of its own
resource "aws_route_table_association" "shop_euc1_az1" {
  subnet_id      = aws_subnet.shop_euc1_az1.id
  route_table_id = aws_route_table.shop_euc1_az1.id
}

# subnet of `shop` in euc1-az2
resource "aws_subnet" "shop_euc1_az2" {
  vpc_id               = aws_vpc.shop.id
  cidr_block           = "10.1.16.0/20"
  availability_zone_id = "euc1-az2"

  tags = {
    Name = "shop/euc1-az2"
  }
}

# `shop/euc1-az2` has a route table of its own
resource "aws_route_table" "shop_euc1_az2" {
  vpc_id = aws_vpc.shop.id

  tags = {
    Name = "shop/euc1-az2"
  }
}

# `shop/euc1-az2` has a route table of its own
resource "aws_route_table_association" "shop_euc1_az2" {
  subnet_id      = aws_subnet.shop_euc1_az2.id
  route_table_id = aws_route_table.shop_euc1_az2.id
}

# for hosts of client `checkout`
resource "aws_security_group" "checkout" {
  name        = "checkout"
  description = "checkout of hub"
  vpc_id      = aws_vpc.shop.id

  tags = {
    Name = "checkout"
  }
}

# checkout reads and writes orders
resource "aws_vpc_security_group_egress_rule" "checkout_9092_towards_10_0_0_0_16" {
  security_group_id = aws_security_group.checkout.id
  description       = "checkout reads and writes orders"
  ip_protocol       = "tcp"
  from_port         = 9092
  to_port           = 9092
  cidr_ipv4         = "10.0.0.0/16"
}
