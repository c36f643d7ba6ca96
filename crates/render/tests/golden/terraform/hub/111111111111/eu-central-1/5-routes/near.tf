# over peering `near-data`
resource "aws_route" "near_euc1_az1_to_10_0_0_0_16" {
  route_table_id            = var.near_euc1_az1_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = var.near_data_peering_id
}

# over peering `near-data`
resource "aws_route" "near_euc1_az2_to_10_0_0_0_16" {
  route_table_id            = var.near_euc1_az2_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = var.near_data_peering_id
}

# billing reads and writes orders
resource "aws_vpc_security_group_egress_rule" "billing_9092_towards_orders_brokers" {
  security_group_id            = var.billing_group_id
  description                  = "billing reads and writes orders"
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
  referenced_security_group_id = var.orders_brokers_group_id
}
