# VPC `data`, 10.0.0.0/16, 100.64.0.0/20
resource "aws_vpc" "data" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "data"
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "data_100_64_0_0_20" {
  vpc_id     = aws_vpc.data.id
  cidr_block = "100.64.0.0/20"
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

# by `igw-0abc`
resource "aws_route" "data_euc1_az1_to_192_168_0_0_16" {
  route_table_id         = aws_route_table.data_euc1_az1.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = "igw-0abc"
}

# subnet of `data` in euc1-az2
resource "aws_subnet" "data_euc1_az2" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "100.64.0.0/22"
  availability_zone_id = "euc1-az2"

  tags = {
    Name = "data/euc1-az2"
  }

  depends_on = [
    aws_vpc_ipv4_cidr_block_association.data_100_64_0_0_20,
  ]
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

# by `igw-0abc`
resource "aws_route" "data_euc1_az2_to_192_168_0_0_16" {
  route_table_id         = aws_route_table.data_euc1_az2.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = "igw-0abc"
}

# network ACL `data-acl-1`: stateless, what no entry allows is dropped
resource "aws_network_acl" "data_acl_1" {
  vpc_id = aws_vpc.data.id

  tags = {
    Name = "data-acl-1"
  }
}

# allows 10.0.0.0/8
resource "aws_network_acl_rule" "data_acl_1_ingress_10" {
  network_acl_id = aws_network_acl.data_acl_1.id
  egress         = false
  rule_number    = 10
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "10.0.0.0/8"
  from_port      = 0
  to_port        = 65535
}

# denies 192.168.0.0/16
resource "aws_network_acl_rule" "data_acl_1_ingress_20" {
  network_acl_id = aws_network_acl.data_acl_1.id
  egress         = false
  rule_number    = 20
  rule_action    = "deny"
  protocol       = "tcp"
  cidr_block     = "192.168.0.0/16"
  from_port      = 22
  to_port        = 22
}

# allows 10.0.0.0/8
resource "aws_network_acl_rule" "data_acl_1_egress_10" {
  network_acl_id = aws_network_acl.data_acl_1.id
  egress         = true
  rule_number    = 10
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "10.0.0.0/8"
  from_port      = 1024
  to_port        = 65535
}

# `data/euc1-az1` uses network ACL `data-acl-1`
resource "aws_network_acl_association" "data_euc1_az1" {
  network_acl_id = aws_network_acl.data_acl_1.id
  subnet_id      = aws_subnet.data_euc1_az1.id
}

# for brokers of `orders`
resource "aws_security_group" "orders_brokers" {
  name        = "orders-brokers"
  description = "orders-brokers of peering"
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

# connection from web
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9092_from_10_2_0_0_16" {
  security_group_id = aws_security_group.orders_brokers.id
  description       = "connection from web"
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
