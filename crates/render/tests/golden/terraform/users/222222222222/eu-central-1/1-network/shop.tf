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

# for hosts of client `audit`
resource "aws_security_group" "audit" {
  name        = "audit"
  description = "audit of users"
  vpc_id      = aws_vpc.shop.id

  tags = {
    Name = "audit"
  }
}

# for hosts of client `checkout`
resource "aws_security_group" "checkout" {
  name        = "checkout"
  description = "checkout of users"
  vpc_id      = aws_vpc.shop.id

  tags = {
    Name = "checkout"
  }
}

# for endpoints
resource "aws_security_group" "shop_events_endpoint" {
  name        = "shop-events-endpoint"
  description = "shop-events-endpoint of users"
  vpc_id      = aws_vpc.shop.id

  tags = {
    Name = "shop-events-endpoint"
  }
}

# for endpoints
resource "aws_security_group" "shop_orders_endpoint" {
  name        = "shop-orders-endpoint"
  description = "shop-orders-endpoint of users"
  vpc_id      = aws_vpc.shop.id

  tags = {
    Name = "shop-orders-endpoint"
  }
}

# audit reads and writes events
resource "aws_vpc_security_group_egress_rule" "audit_14001_towards_shop_events_endpoint" {
  security_group_id            = aws_security_group.audit.id
  description                  = "audit reads and writes events"
  ip_protocol                  = "tcp"
  from_port                    = 14001
  to_port                      = 14002
  referenced_security_group_id = aws_security_group.shop_events_endpoint.id
}

# checkout reads and writes orders
resource "aws_vpc_security_group_egress_rule" "checkout_9000_towards_shop_orders_endpoint" {
  security_group_id            = aws_security_group.checkout.id
  description                  = "checkout reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.shop_orders_endpoint.id
}

# clients of events
resource "aws_vpc_security_group_ingress_rule" "shop_events_endpoint_14001_from_audit" {
  security_group_id            = aws_security_group.shop_events_endpoint.id
  description                  = "clients of events"
  ip_protocol                  = "tcp"
  from_port                    = 14001
  to_port                      = 14002
  referenced_security_group_id = aws_security_group.audit.id
}

# clients of orders
resource "aws_vpc_security_group_ingress_rule" "shop_orders_endpoint_9000_from_checkout" {
  security_group_id            = aws_security_group.shop_orders_endpoint.id
  description                  = "clients of orders"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.checkout.id
}
