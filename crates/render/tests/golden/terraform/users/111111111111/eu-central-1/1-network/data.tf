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

# for hosts of client `billing`
resource "aws_security_group" "billing" {
  name        = "billing"
  description = "billing of users"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "billing"
  }
}

# for brokers of `events`, nodes of balancers
resource "aws_security_group" "events_brokers" {
  name        = "events-brokers"
  description = "events-brokers of users"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "events-brokers"
  }
}

# for brokers of `orders`
resource "aws_security_group" "orders_brokers" {
  name        = "orders-brokers"
  description = "orders-brokers of users"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "orders-brokers"
  }
}

# for nodes of balancers
resource "aws_security_group" "orders_nlb" {
  name        = "orders-nlb"
  description = "orders-nlb of users"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "orders-nlb"
  }
}

# billing reads and writes orders
resource "aws_vpc_security_group_egress_rule" "billing_9000_towards_orders_nlb" {
  security_group_id            = aws_security_group.billing.id
  description                  = "billing reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.orders_nlb.id
}

# brokers replicate and vote
resource "aws_vpc_security_group_ingress_rule" "events_brokers_9095_from_events_brokers" {
  security_group_id            = aws_security_group.events_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = aws_security_group.events_brokers.id
}

# connection from shop
resource "aws_vpc_security_group_ingress_rule" "events_brokers_14098_from_events_brokers" {
  security_group_id            = aws_security_group.events_brokers.id
  description                  = "connection from shop"
  ip_protocol                  = "tcp"
  from_port                    = 14098
  to_port                      = 14098
  referenced_security_group_id = aws_security_group.events_brokers.id
}

# brokers replicate and vote
resource "aws_vpc_security_group_egress_rule" "events_brokers_9095_towards_events_brokers" {
  security_group_id            = aws_security_group.events_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = aws_security_group.events_brokers.id
}

# MSK's own balancer, which has the brokers' group
resource "aws_vpc_security_group_egress_rule" "events_brokers_14098_towards_events_brokers" {
  security_group_id            = aws_security_group.events_brokers.id
  description                  = "MSK s own balancer, which has the brokers  group"
  ip_protocol                  = "tcp"
  from_port                    = 14098
  to_port                      = 14098
  referenced_security_group_id = aws_security_group.events_brokers.id
}

# brokers replicate and vote
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9095_from_orders_brokers" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = aws_security_group.orders_brokers.id
}

# connection from shop
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9096_from_orders_nlb" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "connection from shop"
  ip_protocol                  = "tcp"
  from_port                    = 9096
  to_port                      = 9096
  referenced_security_group_id = aws_security_group.orders_nlb.id
}

# brokers replicate and vote
resource "aws_vpc_security_group_egress_rule" "orders_brokers_9095_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = aws_security_group.orders_brokers.id
}

# clients whose listener has moved behind the balancer
resource "aws_vpc_security_group_ingress_rule" "orders_nlb_9000_from_billing" {
  security_group_id            = aws_security_group.orders_nlb.id
  description                  = "clients whose listener has moved behind the balancer"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.billing.id
}

# the balancer's targets
resource "aws_vpc_security_group_egress_rule" "orders_nlb_9096_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_nlb.id
  description                  = "the balancer s targets"
  ip_protocol                  = "tcp"
  from_port                    = 9096
  to_port                      = 9096
  referenced_security_group_id = aws_security_group.orders_brokers.id
}
