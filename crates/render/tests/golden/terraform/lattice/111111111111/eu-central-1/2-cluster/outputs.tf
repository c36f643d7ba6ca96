output "events_cluster_arn" {
  description = "ARN of cluster `events`"
  value       = aws_msk_serverless_cluster.events.arn
}

output "orders_cluster_arn" {
  description = "ARN of cluster `orders`"
  value       = aws_msk_cluster.orders.arn
}
