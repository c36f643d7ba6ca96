output "orders_orders_internal_zone_id" {
  description = "id of zone `orders-orders-internal`"
  value       = aws_route53_zone.orders_orders_internal.zone_id
}
