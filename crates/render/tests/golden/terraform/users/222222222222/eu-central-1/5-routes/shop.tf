# names under b-1 of `orders` in `shop`
resource "aws_route53_zone" "shop_orders_b_1_orders" {
  name    = "b-1.${var.orders_domain}"
  comment = "part of users"

  tags = {
    Name = "shop-orders/b-1.${var.orders_domain}"
  }

  vpc {
    vpc_id = var.shop_vpc_id
  }
}

# b-1 of `orders` leads to endpoint `shop-orders`
resource "aws_route53_record" "shop_orders_b_1_orders" {
  zone_id = aws_route53_zone.shop_orders_b_1_orders.zone_id
  name    = "b-1.${var.orders_domain}"
  type    = "A"

  alias {
    name                   = var.shop_orders_endpoint_dns_name
    zone_id                = var.shop_orders_endpoint_dns_zone
    evaluate_target_health = false
  }
}

# names under b-2 of `orders` in `shop`
resource "aws_route53_zone" "shop_orders_b_2_orders" {
  name    = "b-2.${var.orders_domain}"
  comment = "part of users"

  tags = {
    Name = "shop-orders/b-2.${var.orders_domain}"
  }

  vpc {
    vpc_id = var.shop_vpc_id
  }
}

# b-2 of `orders` leads to endpoint `shop-orders`
resource "aws_route53_record" "shop_orders_b_2_orders" {
  zone_id = aws_route53_zone.shop_orders_b_2_orders.zone_id
  name    = "b-2.${var.orders_domain}"
  type    = "A"

  alias {
    name                   = var.shop_orders_endpoint_dns_name
    zone_id                = var.shop_orders_endpoint_dns_zone
    evaluate_target_health = false
  }
}

# names under bootstrap of `orders` in `shop`
resource "aws_route53_zone" "shop_orders_bootstrap_orders" {
  name    = "bootstrap.${var.orders_domain}"
  comment = "part of users"

  tags = {
    Name = "shop-orders/bootstrap.${var.orders_domain}"
  }

  vpc {
    vpc_id = var.shop_vpc_id
  }
}

# bootstrap of `orders` leads to endpoint `shop-orders`
resource "aws_route53_record" "shop_orders_bootstrap_orders" {
  zone_id = aws_route53_zone.shop_orders_bootstrap_orders.zone_id
  name    = "bootstrap.${var.orders_domain}"
  type    = "A"

  alias {
    name                   = var.shop_orders_endpoint_dns_name
    zone_id                = var.shop_orders_endpoint_dns_zone
    evaluate_target_health = false
  }
}
