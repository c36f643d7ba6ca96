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

# for hosts of client `audit`
resource "aws_security_group" "audit" {
  name        = "audit"
  description = "audit of lattice"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "audit"
  }
}

# for brokers of `events`
resource "aws_security_group" "events_brokers" {
  name        = "events-brokers"
  description = "events-brokers of lattice"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "events-brokers"
  }
}

# for brokers of `orders`
resource "aws_security_group" "orders_brokers" {
  name        = "orders-brokers"
  description = "orders-brokers of lattice"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "orders-brokers"
  }
}

# for resource gateway `orders-resources`
resource "aws_security_group" "orders_resources" {
  name        = "orders-resources"
  description = "orders-resources of lattice"
  vpc_id      = aws_vpc.data.id

  tags = {
    Name = "orders-resources"
  }
}

# audit reads and writes events
resource "aws_vpc_security_group_egress_rule" "audit_9098_towards_events_brokers" {
  security_group_id            = aws_security_group.audit.id
  description                  = "audit reads and writes events"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.events_brokers.id
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

# clients of the same VPC
resource "aws_vpc_security_group_ingress_rule" "events_brokers_9098_from_audit" {
  security_group_id            = aws_security_group.events_brokers.id
  description                  = "clients of the same VPC"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.audit.id
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
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9094_from_orders_resources" {
  security_group_id            = aws_security_group.orders_brokers.id
  description                  = "connection from shop"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.orders_resources.id
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

# the resources behind the gateway
resource "aws_vpc_security_group_egress_rule" "orders_resources_9094_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_resources.id
  description                  = "the resources behind the gateway"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.orders_brokers.id
}
