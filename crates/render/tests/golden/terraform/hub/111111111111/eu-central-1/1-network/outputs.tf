output "billing_group_id" {
  description = "id of group `billing`"
  value       = aws_security_group.billing.id
}

output "data_euc1_az1_route_table_id" {
  description = "id of route table `data-euc1-az1`"
  value       = aws_route_table.data_euc1_az1.id
}

output "data_euc1_az1_subnet_id" {
  description = "id of subnet `data-euc1-az1`"
  value       = aws_subnet.data_euc1_az1.id
}

output "data_euc1_az2_route_table_id" {
  description = "id of route table `data-euc1-az2`"
  value       = aws_route_table.data_euc1_az2.id
}

output "data_euc1_az2_subnet_id" {
  description = "id of subnet `data-euc1-az2`"
  value       = aws_subnet.data_euc1_az2.id
}

output "data_vpc_id" {
  description = "id of vpc `data`"
  value       = aws_vpc.data.id
}

output "near_euc1_az1_route_table_id" {
  description = "id of route table `near-euc1-az1`"
  value       = aws_route_table.near_euc1_az1.id
}

output "near_euc1_az2_route_table_id" {
  description = "id of route table `near-euc1-az2`"
  value       = aws_route_table.near_euc1_az2.id
}

output "near_vpc_id" {
  description = "id of vpc `near`"
  value       = aws_vpc.near.id
}

output "orders_brokers_group_id" {
  description = "id of group `orders-brokers`"
  value       = aws_security_group.orders_brokers.id
}

output "tgw_eu_central_1_main_transit_table_id" {
  description = "id of transit table `tgw-eu-central-1-main`"
  value       = aws_ec2_transit_gateway_route_table.tgw_eu_central_1_main.id
}

output "tgw_eu_central_1_transit_gateway_id" {
  description = "id of transit gateway `tgw-eu-central-1`"
  value       = aws_ec2_transit_gateway.tgw_eu_central_1.id
}

output "tgw_eu_central_1_transit_share_arn" {
  description = "ARN of transit share `tgw-eu-central-1`"
  value       = aws_ram_resource_share.tgw_eu_central_1.arn
}
