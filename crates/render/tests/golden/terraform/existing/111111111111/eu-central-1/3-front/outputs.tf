output "orders_1_service_name" {
  description = "service name of service `orders-1`"
  value       = aws_vpc_endpoint_service.orders_1.service_name
}

output "orders_2_service_name" {
  description = "service name of service `orders-2`"
  value       = aws_vpc_endpoint_service.orders_2.service_name
}
