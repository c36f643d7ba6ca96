output "checkout_group_id" {
  description = "id of group `checkout`"
  value       = aws_security_group.checkout.id
}

output "shop_euc1_az1_route_table_id" {
  description = "id of route table `shop-euc1-az1`"
  value       = aws_route_table.shop_euc1_az1.id
}

output "shop_euc1_az1_subnet_id" {
  description = "id of subnet `shop-euc1-az1`"
  value       = aws_subnet.shop_euc1_az1.id
}

output "shop_euc1_az2_route_table_id" {
  description = "id of route table `shop-euc1-az2`"
  value       = aws_route_table.shop_euc1_az2.id
}

output "shop_euc1_az2_subnet_id" {
  description = "id of subnet `shop-euc1-az2`"
  value       = aws_subnet.shop_euc1_az2.id
}

output "shop_vpc_id" {
  description = "id of vpc `shop`"
  value       = aws_vpc.shop.id
}
