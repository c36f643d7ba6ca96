# over peering `shop-data`
resource "aws_route" "shop_euc1_az1_to_10_0_0_0_16" {
  route_table_id            = var.shop_euc1_az1_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = var.shop_data_peering_id
}

# over peering `shop-data`
resource "aws_route" "shop_euc1_az1_to_100_64_0_0_20" {
  route_table_id            = var.shop_euc1_az1_route_table_id
  destination_cidr_block    = "100.64.0.0/20"
  vpc_peering_connection_id = var.shop_data_peering_id
}

# checkout reads and writes orders
resource "aws_vpc_security_group_egress_rule" "checkout_9092_towards_orders_brokers" {
  security_group_id            = var.checkout_group_id
  description                  = "checkout reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
  referenced_security_group_id = "011111111111/${var.orders_brokers_group_id}"
}

# names under corp.internal are asked of other servers
resource "aws_route53_resolver_rule" "shop_corp_internal" {
  name                 = "shop-corp-internal"
  domain_name          = "corp.internal"
  rule_type            = "FORWARD"
  resolver_endpoint_id = var.shop_corp_internal_resolver_endpoint_id

  tags = {
    Name = "shop/corp.internal"
  }

  target_ip {
    ip = "10.9.0.2"
  }
}

# `shop` forwards names under corp.internal
resource "aws_route53_resolver_rule_association" "shop_corp_internal_in_shop" {
  resolver_rule_id = aws_route53_resolver_rule.shop_corp_internal.id
  vpc_id           = var.shop_vpc_id
}
