output "billing_secret_arn" {
  description = "ARN of secret `billing`"
  value       = aws_secretsmanager_secret.billing.arn
}

output "checkout_secret_arn" {
  description = "ARN of secret `checkout`"
  value       = aws_secretsmanager_secret.checkout.arn
}

output "events_cluster_arn" {
  description = "ARN of cluster `events`"
  value       = aws_msk_cluster.events.arn
}

output "orders_cluster_arn" {
  description = "ARN of cluster `orders`"
  value       = aws_msk_cluster.orders.arn
}
