output "far_orders_endpoint_dns_name" {
  description = "DNS name of endpoint `far-orders`"
  value       = aws_vpc_endpoint.far_orders.dns_entry[0].dns_name
}

output "far_orders_endpoint_dns_zone" {
  description = "hosted zone of the DNS name of endpoint `far-orders`"
  value       = aws_vpc_endpoint.far_orders.dns_entry[0].hosted_zone_id
}
