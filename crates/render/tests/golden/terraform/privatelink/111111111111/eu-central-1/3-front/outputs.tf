output "orders_nlb_balancer_dns_name" {
  description = "DNS name of balancer `orders-nlb`"
  value       = aws_lb.orders_nlb.dns_name
}

output "orders_nlb_balancer_dns_zone" {
  description = "hosted zone of the DNS name of balancer `orders-nlb`"
  value       = aws_lb.orders_nlb.zone_id
}

output "orders_service_name" {
  description = "service name of service `orders`"
  value       = aws_vpc_endpoint_service.orders.service_name
}
