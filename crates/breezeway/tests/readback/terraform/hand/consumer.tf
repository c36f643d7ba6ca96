variable "service_name" {
  type = string
}

variable "orders_domain" {
  type = string
}

resource "aws_vpc" "shop" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "shop" {
  vpc_id               = aws_vpc.shop.id
  cidr_block           = "10.0.7.0/24"
  availability_zone_id = "euc1-az1"
}

resource "aws_route_table" "shop" {
  vpc_id = aws_vpc.shop.id
}

resource "aws_security_group" "checkout" {
  vpc_id = aws_vpc.shop.id
}

resource "aws_vpc_security_group_egress_rule" "checkout" {
  security_group_id            = aws_security_group.checkout.id
  referenced_security_group_id = aws_security_group.checkout.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_endpoint" "orders" {
  vpc_id             = aws_vpc.shop.id
  service_name       = var.service_name
  vpc_endpoint_type  = "Interface"
  security_group_ids = [aws_security_group.checkout.id]
  subnet_ids         = [aws_subnet.shop.id]

  subnet_configuration {
    ipv4      = "10.0.7.9"
    subnet_id = aws_subnet.shop.id
  }
}

resource "aws_route53_zone" "orders" {
  name = var.orders_domain

  vpc {
    vpc_id = aws_vpc.shop.id
  }
}

resource "aws_route53_zone_association" "orders" {
  zone_id    = aws_route53_zone.orders.zone_id
  vpc_id     = "vpc-0abc"
  vpc_region = "us-west-2"
}

resource "aws_route53_record" "b1" {
  zone_id = aws_route53_zone.orders.zone_id
  name    = "b-1.${var.orders_domain}"
  type    = "A"

  alias {
    name                   = aws_vpc_endpoint.orders.dns_entry[0].dns_name
    zone_id                = aws_vpc_endpoint.orders.dns_entry[0].hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_resolver_rule" "corp" {
  name                 = "corp"
  domain_name          = "corp.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0abc"

  target_ip {
    ip = "10.0.7.53"
  }
}

output "checkout_group_id" {
  value = aws_security_group.checkout.id
}
