output "checkout_secret_arn" {
  description = "ARN of secret `checkout`"
  value       = aws_secretsmanager_secret.checkout.arn
}

output "local_secret_arn" {
  description = "ARN of secret `local`"
  value       = aws_secretsmanager_secret.local.arn
}

output "orders_cluster_arn" {
  description = "ARN of cluster `orders`"
  value       = aws_msk_cluster.orders.arn
}
