# VPC `web`, 10.2.0.0/16
resource "aws_vpc" "web" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "web"
  }
}

# subnet of `web` in euw1-az1
resource "aws_subnet" "web_euw1_az1" {
  vpc_id               = aws_vpc.web.id
  cidr_block           = "10.2.0.0/20"
  availability_zone_id = "euw1-az1"

  tags = {
    Name = "web/euw1-az1"
  }
}

# `web/euw1-az1` has a route table of its own
resource "aws_route_table" "web_euw1_az1" {
  vpc_id = aws_vpc.web.id

  tags = {
    Name = "web/euw1-az1"
  }
}

# `web/euw1-az1` has a route table of its own
resource "aws_route_table_association" "web_euw1_az1" {
  subnet_id      = aws_subnet.web_euw1_az1.id
  route_table_id = aws_route_table.web_euw1_az1.id
}

# for hosts of client `site`
resource "aws_security_group" "site" {
  name        = "site"
  description = "site of transit"
  vpc_id      = aws_vpc.web.id

  tags = {
    Name = "site"
  }
}

# site reads and writes orders
resource "aws_vpc_security_group_egress_rule" "site_9098_towards_10_0_0_0_16" {
  security_group_id = aws_security_group.site.id
  description       = "site reads and writes orders"
  ip_protocol       = "tcp"
  from_port         = 9098
  to_port           = 9098
  cidr_ipv4         = "10.0.0.0/16"
}
