output "shop_orders_endpoint_dns_name" {
  description = "DNS name of endpoint `shop-orders`"
  value       = aws_vpc_endpoint.shop_orders.dns_entry[0].dns_name
}

output "shop_orders_endpoint_dns_zone" {
  description = "hosted zone of the DNS name of endpoint `shop-orders`"
  value       = aws_vpc_endpoint.shop_orders.dns_entry[0].hosted_zone_id
}
