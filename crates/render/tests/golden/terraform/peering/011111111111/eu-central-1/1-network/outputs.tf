output "data_vpc_id" {
  description = "id of vpc `data`"
  value       = aws_vpc.data.id
}

output "orders_brokers_group_id" {
  description = "id of group `orders-brokers`"
  value       = aws_security_group.orders_brokers.id
}
