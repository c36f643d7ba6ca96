# VPC `data`, 10.0.0.0/16
resource "aws_vpc" "data" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "data"
  }
}

# subnet of `data` in euc1-az1
resource "aws_subnet" "data_euc1_az1" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.0.0/20"
  availability_zone_id = "euc1-az1"

  tags = {
    Name = "data/euc1-az1"
  }
}

# `data/euc1-az1` has a route table of its own
resource "aws_route_table" "data_euc1_az1" {
  vpc_id = aws_vpc.data.id

  tags = {
    Name = "data/euc1-az1"
  }
}

# `data/euc1-az1` has a route table of its own
resource "aws_route_table_association" "data_euc1_az1" {
  subnet_id      = aws_subnet.data_euc1_az1.id
  route_table_id = aws_route_table.data_euc1_az1.id
}

# subnet of `data` in euc1-az2
resource "aws_subnet" "data_euc1_az2" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.16.0/20"
  availability_zone_id = "euc1-az2"

  tags = {
    Name = "data/euc1-az2"
  }
}

# `data/euc1-az2` has a route table of its own
resource "aws_route_table" "data_euc1_az2" {
  vpc_id = aws_vpc.data.id

  tags = {
    Name = "data/euc1-az2"
  }
}

# `data/euc1-az2` has a route table of its own
resource "aws_route_table_association" "data_euc1_az2" {
  subnet_id      = aws_subnet.data_euc1_az2.id
  route_table_id = aws_route_table.data_euc1_az2.id
}

# for brokers of `orders`
resource "aws_security_group" "orders_brokers" {
  name        = "orders-brokers"
  description = "orders-brokers of hub"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "orders-brokers"
  }
}

# brokers replicate and vote
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9093_from_orders_brokers" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9093
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.orders_brokers.id
}

# connection from shop
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9092_from_10_1_0_0_16" {
  security_group_id = aws_security_group.orders_brokers.id
  description       = "connection from shop"
  ip_protocol       = "tcp"
  from_port         = 9092
  to_port           = 9092
  cidr_ipv4         = "10.1.0.0/16"
}

# connection from far
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9092_from_10_2_0_0_16" {
  security_group_id = aws_security_group.orders_brokers.id
  description       = "connection from far"
  ip_protocol       = "tcp"
  from_port         = 9092
  to_port           = 9092
  cidr_ipv4         = "10.2.0.0/16"
}

# brokers replicate and vote
resource "aws_vpc_security_group_egress_rule" "orders_brokers_9093_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9093
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.orders_brokers.id
}
