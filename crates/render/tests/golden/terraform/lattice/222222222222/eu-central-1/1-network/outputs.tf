output "checkout_group_id" {
  description = "id of group `checkout`"
  value       = aws_security_group.checkout.id
}

output "shop_euc1_az1_subnet_id" {
  description = "id of subnet `shop-euc1-az1`"
  value       = aws_subnet.shop_euc1_az1.id
}

output "shop_euc1_az2_subnet_id" {
  description = "id of subnet `shop-euc1-az2`"
  value       = aws_subnet.shop_euc1_az2.id
}

output "shop_orders_endpoint_group_id" {
  description = "id of group `shop-orders-endpoint`"
  value       = aws_security_group.shop_orders_endpoint.id
}

output "shop_vpc_id" {
  description = "id of vpc `shop`"
  value       = aws_vpc.shop.id
}
