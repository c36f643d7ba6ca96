# connection from shop
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9092_from_checkout" {
  security_group_id            = var.orders_brokers_group_id
  description                  = "connection from shop"
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
  referenced_security_group_id = "222222222222/${var.checkout_group_id}"
}

# names under orders.internal
resource "aws_route53_zone" "orders_orders_internal" {
  name    = "orders.internal"
  comment = "part of peering"

  tags = {
    Name = "orders/orders.internal"
  }

  vpc {
    vpc_id = var.data_vpc_id
  }

  lifecycle {
    ignore_changes = [vpc]
  }
}

# b-1-internal.orders.internal by its addresses
resource "aws_route53_record" "orders_orders_internal_b_1_internal_orders_internal" {
  zone_id = aws_route53_zone.orders_orders_internal.zone_id
  name    = "b-1-internal.orders.internal"
  type    = "A"
  ttl     = 60
  records = ["10.0.0.10"]
}

# b-1.orders.internal by its addresses
resource "aws_route53_record" "orders_orders_internal_b_1_orders_internal" {
  zone_id = aws_route53_zone.orders_orders_internal.zone_id
  name    = "b-1.orders.internal"
  type    = "A"
  ttl     = 60
  records = ["10.0.0.10"]
}

# b-2-internal.orders.internal by its addresses
resource "aws_route53_record" "orders_orders_internal_b_2_internal_orders_internal" {
  zone_id = aws_route53_zone.orders_orders_internal.zone_id
  name    = "b-2-internal.orders.internal"
  type    = "A"
  ttl     = 60
  records = ["100.64.0.10"]
}

# b-2.orders.internal by its addresses
resource "aws_route53_record" "orders_orders_internal_b_2_orders_internal" {
  zone_id = aws_route53_zone.orders_orders_internal.zone_id
  name    = "b-2.orders.internal"
  type    = "A"
  ttl     = 60
  records = ["100.64.0.10"]
}
