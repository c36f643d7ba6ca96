output "shop_orders_1_endpoint_dns_name" {
  description = "DNS name of endpoint `shop-orders-1`"
  value       = aws_vpc_endpoint.shop_orders_1.dns_entry[0].dns_name
}

output "shop_orders_1_endpoint_dns_zone" {
  description = "hosted zone of the DNS name of endpoint `shop-orders-1`"
  value       = aws_vpc_endpoint.shop_orders_1.dns_entry[0].hosted_zone_id
}

output "shop_orders_2_endpoint_dns_name" {
  description = "DNS name of endpoint `shop-orders-2`"
  value       = aws_vpc_endpoint.shop_orders_2.dns_entry[0].dns_name
}

output "shop_orders_2_endpoint_dns_zone" {
  description = "hosted zone of the DNS name of endpoint `shop-orders-2`"
  value       = aws_vpc_endpoint.shop_orders_2.dns_entry[0].hosted_zone_id
}
