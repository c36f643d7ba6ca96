output "orders_1_resource_arn" {
  description = "ARN of resource `orders-1`"
  value       = aws_vpclattice_resource_configuration.orders_1.arn
}

output "orders_2_resource_arn" {
  description = "ARN of resource `orders-2`"
  value       = aws_vpclattice_resource_configuration.orders_2.arn
}

output "orders_resources_resource_share_arn" {
  description = "ARN of resource share `orders-resources`"
  value       = aws_ram_resource_share.orders_resources.arn
}
