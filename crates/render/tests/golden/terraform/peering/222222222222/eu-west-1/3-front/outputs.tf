output "web_data_peering_id" {
  description = "id of peering `web-data`"
  value       = aws_vpc_peering_connection.web_data.id
}
