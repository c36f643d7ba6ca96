output "data_euc1_az1_subnet_id" {
  description = "id of subnet `data-euc1-az1`"
  value       = aws_subnet.data_euc1_az1.id
}

output "data_euc1_az2_subnet_id" {
  description = "id of subnet `data-euc1-az2`"
  value       = aws_subnet.data_euc1_az2.id
}

output "local_group_id" {
  description = "id of group `local`"
  value       = aws_security_group.local.id
}

output "orders_brokers_group_id" {
  description = "id of group `orders-brokers`"
  value       = aws_security_group.orders_brokers.id
}
