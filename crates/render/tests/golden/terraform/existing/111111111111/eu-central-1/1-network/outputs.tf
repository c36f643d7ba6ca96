output "orders_nlb_group_id" {
  description = "id of group `orders-nlb`"
  value       = aws_security_group.orders_nlb.id
}
