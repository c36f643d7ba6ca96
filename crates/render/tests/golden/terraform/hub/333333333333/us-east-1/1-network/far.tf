# VPC `far`, 10.2.0.0/16
resource "aws_vpc" "far" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "far"
  }
}

# subnet of `far` in use1-az1
resource "aws_subnet" "far_use1_az1" {
  vpc_id               = aws_vpc.far.id
  cidr_block           = "10.2.0.0/20"
  availability_zone_id = "use1-az1"

  tags = {
    Name = "far/use1-az1"
  }
}

# `far/use1-az1` has a route table of its own
resource "aws_route_table" "far_use1_az1" {
  vpc_id = aws_vpc.far.id

  tags = {
    Name = "far/use1-az1"
  }
}

# `far/use1-az1` has a route table of its own
resource "aws_route_table_association" "far_use1_az1" {
  subnet_id      = aws_subnet.far_use1_az1.id
  route_table_id = aws_route_table.far_use1_az1.id
}

# subnet of `far` in use1-az2
resource "aws_subnet" "far_use1_az2" {
  vpc_id               = aws_vpc.far.id
  cidr_block           = "10.2.16.0/20"
  availability_zone_id = "use1-az2"

  tags = {
    Name = "far/use1-az2"
  }
}

# `far/use1-az2` has a route table of its own
resource "aws_route_table" "far_use1_az2" {
  vpc_id = aws_vpc.far.id

  tags = {
    Name = "far/use1-az2"
  }
}

# `far/use1-az2` has a route table of its own
resource "aws_route_table_association" "far_use1_az2" {
  subnet_id      = aws_subnet.far_use1_az2.id
  route_table_id = aws_route_table.far_use1_az2.id
}

# for hosts of client `report`
resource "aws_security_group" "report" {
  name        = "report"
  description = "report of hub"
  vpc_id      = aws_vpc.far.id

  tags = {
    Name = "report"
  }
}

# report reads and writes orders
resource "aws_vpc_security_group_egress_rule" "report_9092_towards_10_0_0_0_16" {
  security_group_id = aws_security_group.report.id
  description       = "report reads and writes orders"
  ip_protocol       = "tcp"
  from_port         = 9092
  to_port           = 9092
  cidr_ipv4         = "10.0.0.0/16"
}
