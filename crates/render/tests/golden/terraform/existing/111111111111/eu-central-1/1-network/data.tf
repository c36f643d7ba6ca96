# for nodes of balancers
resource "aws_security_group" "orders_nlb" {
  name        = "orders-nlb"
  description = "orders-nlb of orders-for-the-shop"
  vpc_id      = "vpc-0da7a000000000001"

  tags = {
    Name = "orders-nlb"
  }
}

# brokers replicate and vote
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9095_from_orders_brokers" {
  security_group_id            = "sg-0da7a000000000031"
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = "sg-0da7a000000000031"
}

# brokers replicate and vote
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9099_from_orders_brokers" {
  security_group_id            = "sg-0da7a000000000031"
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9099
  to_port                      = 9099
  referenced_security_group_id = "sg-0da7a000000000031"
}

# connection from shop
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9094_from_orders_nlb" {
  security_group_id            = "sg-0da7a000000000031"
  description                  = "connection from shop"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.orders_nlb.id
}

# brokers replicate and vote
resource "aws_vpc_security_group_egress_rule" "orders_brokers_9095_towards_orders_brokers" {
  security_group_id            = "sg-0da7a000000000031"
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9095
  to_port                      = 9095
  referenced_security_group_id = "sg-0da7a000000000031"
}

# brokers replicate and vote
resource "aws_vpc_security_group_egress_rule" "orders_brokers_9099_towards_orders_brokers" {
  security_group_id            = "sg-0da7a000000000031"
  description                  = "brokers replicate and vote"
  ip_protocol                  = "tcp"
  from_port                    = 9099
  to_port                      = 9099
  referenced_security_group_id = "sg-0da7a000000000031"
}

# the balancer's targets
resource "aws_vpc_security_group_egress_rule" "orders_nlb_9094_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_nlb.id
  description                  = "the balancer s targets"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = "sg-0da7a000000000031"
}
