# over transit gateway `tgw-eu-central-1`
resource "aws_route" "data_euc1_az1_to_10_1_0_0_16" {
  route_table_id         = var.data_euc1_az1_route_table_id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = var.tgw_eu_central_1_transit_gateway_id
}

# over transit gateway `tgw-eu-central-1`
resource "aws_route" "data_euc1_az1_to_10_2_0_0_16" {
  route_table_id         = var.data_euc1_az1_route_table_id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id     = var.tgw_eu_central_1_transit_gateway_id
}

# over peering `near-data`
resource "aws_route" "data_euc1_az1_to_10_3_0_0_16" {
  route_table_id            = var.data_euc1_az1_route_table_id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = var.near_data_peering_id
}

# over transit gateway `tgw-eu-central-1`
resource "aws_route" "data_euc1_az2_to_10_1_0_0_16" {
  route_table_id         = var.data_euc1_az2_route_table_id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = var.tgw_eu_central_1_transit_gateway_id
}

# over transit gateway `tgw-eu-central-1`
resource "aws_route" "data_euc1_az2_to_10_2_0_0_16" {
  route_table_id         = var.data_euc1_az2_route_table_id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id     = var.tgw_eu_central_1_transit_gateway_id
}

# over peering `near-data`
resource "aws_route" "data_euc1_az2_to_10_3_0_0_16" {
  route_table_id            = var.data_euc1_az2_route_table_id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = var.near_data_peering_id
}

# connection from near
resource "aws_vpc_security_group_ingress_rule" "orders_brokers_9092_from_billing" {
  security_group_id            = var.orders_brokers_group_id
  description                  = "connection from near"
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
  referenced_security_group_id = var.billing_group_id
}

# names under orders.internal
resource "aws_route53_zone" "orders_orders_internal" {
  name    = "orders.internal"
  comment = "part of hub"

  tags = {
    Name = "orders/orders.internal"
  }

  vpc {
    vpc_id = var.data_vpc_id
  }

  vpc {
    vpc_id = var.near_vpc_id
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
  records = ["10.0.16.10"]
}

# b-2.orders.internal by its addresses
resource "aws_route53_record" "orders_orders_internal_b_2_orders_internal" {
  zone_id = aws_route53_zone.orders_orders_internal.zone_id
  name    = "b-2.orders.internal"
  type    = "A"
  ttl     = 60
  records = ["10.0.16.10"]
}
