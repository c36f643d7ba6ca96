# names under b-1.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com in `shop`
resource "aws_route53_zone" "shop_orders_b_1_orders" {
  name    = "b-1.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  comment = "part of orders-for-the-shop"

  tags = {
    Name = "shop-orders/b-1.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  }

  vpc {
    vpc_id = "vpc-05409000000000002"
  }
}

# b-1.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com leads to endpoint `shop-orders-1`
resource "aws_route53_record" "shop_orders_b_1_orders" {
  zone_id = aws_route53_zone.shop_orders_b_1_orders.zone_id
  name    = "b-1.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  type    = "A"

  alias {
    name                   = var.shop_orders_1_endpoint_dns_name
    zone_id                = var.shop_orders_1_endpoint_dns_zone
    evaluate_target_health = false
  }
}

# names under b-2.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com in `shop`
resource "aws_route53_zone" "shop_orders_b_2_orders" {
  name    = "b-2.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  comment = "part of orders-for-the-shop"

  tags = {
    Name = "shop-orders/b-2.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  }

  vpc {
    vpc_id = "vpc-05409000000000002"
  }
}

# b-2.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com leads to endpoint `shop-orders-2`
resource "aws_route53_record" "shop_orders_b_2_orders" {
  zone_id = aws_route53_zone.shop_orders_b_2_orders.zone_id
  name    = "b-2.orders.x1y2z3.c2.kafka.eu-central-1.amazonaws.com"
  type    = "A"

  alias {
    name                   = var.shop_orders_2_endpoint_dns_name
    zone_id                = var.shop_orders_2_endpoint_dns_zone
    evaluate_target_health = false
  }
}
