# VPC `near`, 10.3.0.0/16
resource "aws_vpc" "near" {
  cidr_block           = "10.3.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "near"
  }
}

# subnet of `near` in euc1-az1
resource "aws_subnet" "near_euc1_az1" {
  vpc_id               = aws_vpc.near.id
  cidr_block           = "10.3.0.0/20"
  availability_zone_id = "euc1-az1"

  tags = {
    Name = "near/euc1-az1"
  }
}

# `near/euc1-az1` has a route table of its own
resource "aws_route_table" "near_euc1_az1" {
  vpc_id = aws_vpc.near.id

  tags = {
    Name = "near/euc1-az1"
  }
}

# `near/euc1-az1` has a route table of its own
resource "aws_route_table_association" "near_euc1_az1" {
  subnet_id      = aws_subnet.near_euc1_az1.id
  route_table_id = aws_route_table.near_euc1_az1.id
}

# subnet of `near` in euc1-az2
resource "aws_subnet" "near_euc1_az2" {
  vpc_id               = aws_vpc.near.id
  cidr_block           = "10.3.16.0/20"
  availability_zone_id = "euc1-az2"

  tags = {
    Name = "near/euc1-az2"
  }
}

# `near/euc1-az2` has a route table of its own
resource "aws_route_table" "near_euc1_az2" {
  vpc_id = aws_vpc.near.id

  tags = {
    Name = "near/euc1-az2"
  }
}

# `near/euc1-az2` has a route table of its own
resource "aws_route_table_association" "near_euc1_az2" {
  subnet_id      = aws_subnet.near_euc1_az2.id
  route_table_id = aws_route_table.near_euc1_az2.id
}

# for hosts of client `billing`
resource "aws_security_group" "billing" {
  name        = "billing"
  description = "billing of hub"
  vpc_id      = aws_vpc.near.id

  tags = {
    Name = "billing"
  }
}
