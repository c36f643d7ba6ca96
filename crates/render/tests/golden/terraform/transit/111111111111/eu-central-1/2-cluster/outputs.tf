output "orders_cluster_arn" {
  description = "ARN of cluster `orders`"
  value       = aws_msk_cluster.orders.arn
}
