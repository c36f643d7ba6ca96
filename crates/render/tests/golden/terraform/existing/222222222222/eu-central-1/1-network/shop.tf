# for endpoints
resource "aws_security_group" "shop_orders_endpoint" {
  name        = "shop-orders-endpoint"
  description = "shop-orders-endpoint of orders-for-the-shop"
  vpc_id      = "vpc-05409000000000002"

  tags = {
    Name = "shop-orders-endpoint"
  }
}

# checkout reads and writes orders
resource "aws_vpc_security_group_egress_rule" "checkout_9094_towards_shop_orders_endpoint" {
  security_group_id            = "sg-05409000000000041"
  description                  = "checkout reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = aws_security_group.shop_orders_endpoint.id
}

# clients of orders
resource "aws_vpc_security_group_ingress_rule" "shop_orders_endpoint_9094_from_checkout" {
  security_group_id            = aws_security_group.shop_orders_endpoint.id
  description                  = "clients of orders"
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9094
  referenced_security_group_id = "sg-05409000000000041"
}
