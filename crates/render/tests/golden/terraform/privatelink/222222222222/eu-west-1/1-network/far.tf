# VPC `far`, 10.0.0.0/16
resource "aws_vpc" "far" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "far"
  }
}

# subnet of `far` in euw1-az1
resource "aws_subnet" "far_euw1_az1" {
  vpc_id               = aws_vpc.far.id
  cidr_block           = "10.0.0.0/20"
  availability_zone_id = "euw1-az1"

  tags = {
    Name = "far/euw1-az1"
  }
}

# `far/euw1-az1` has a route table of its own
resource "aws_route_table" "far_euw1_az1" {
  vpc_id = aws_vpc.far.id

  tags = {
    Name = "far/euw1-az1"
  }
}

# `far/euw1-az1` has a route table of its own
resource "aws_route_table_association" "far_euw1_az1" {
  subnet_id      = aws_subnet.far_euw1_az1.id
  route_table_id = aws_route_table.far_euw1_az1.id
}

# subnet of `far` in euw1-az2
resource "aws_subnet" "far_euw1_az2" {
  vpc_id               = aws_vpc.far.id
  cidr_block           = "10.0.16.0/20"
  availability_zone_id = "euw1-az2"

  tags = {
    Name = "far/euw1-az2"
  }
}

# `far/euw1-az2` has a route table of its own
resource "aws_route_table" "far_euw1_az2" {
  vpc_id = aws_vpc.far.id

  tags = {
    Name = "far/euw1-az2"
  }
}

# `far/euw1-az2` has a route table of its own
resource "aws_route_table_association" "far_euw1_az2" {
  subnet_id      = aws_subnet.far_euw1_az2.id
  route_table_id = aws_route_table.far_euw1_az2.id
}

# for endpoints
resource "aws_security_group" "far_orders_endpoint" {
  name        = "far-orders-endpoint"
  description = "far-orders-endpoint of privatelink"
  vpc_id      = aws_vpc.far.id

  tags = {
    Name = "far-orders-endpoint"
  }
}

# for hosts of client `report`
resource "aws_security_group" "report" {
  name        = "report"
  description = "report of privatelink"
  vpc_id      = aws_vpc.far.id

  tags = {
    Name = "report"
  }
}

# clients of orders
resource "aws_vpc_security_group_ingress_rule" "far_orders_endpoint_9000_from_report" {
  security_group_id            = aws_security_group.far_orders_endpoint.id
  description                  = "clients of orders"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.report.id
}

# report reads and writes orders
resource "aws_vpc_security_group_egress_rule" "report_9000_towards_far_orders_endpoint" {
  security_group_id            = aws_security_group.report.id
  description                  = "report reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9002
  referenced_security_group_id = aws_security_group.far_orders_endpoint.id
}
