# for nodes of balancers
resource "aws_security_group" "orders_nlb" {
  name        = "orders-nlb"
  description = "orders-nlb of orders-for-the-shop"
  vpc_id      = "vpc-0da7a000000000001"

  tags = {
    Name = "orders-nlb"
  }
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

# the balancer's targets
resource "aws_vpc_security_group_egress_rule" "orders_nlb_9094_towards_orders_brokers" {
  security_group_id            = aws_security_group.orders_nlb.id
  description                  = "the balancer s targets"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = "sg-0da7a000000000031"
}
