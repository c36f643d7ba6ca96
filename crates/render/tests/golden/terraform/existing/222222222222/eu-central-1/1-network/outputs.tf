output "shop_orders_endpoint_group_id" {
  description = "id of group `shop-orders-endpoint`"
  value       = aws_security_group.shop_orders_endpoint.id
}
