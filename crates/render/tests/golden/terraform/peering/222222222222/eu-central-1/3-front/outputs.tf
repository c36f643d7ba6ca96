output "shop_data_peering_id" {
  description = "id of peering `shop-data`"
  value       = aws_vpc_peering_connection.shop_data.id
}
