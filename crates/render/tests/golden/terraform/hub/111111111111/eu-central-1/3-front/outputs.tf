output "data_tgw_eu_central_1_attachment_id" {
  description = "id of attachment `data-tgw-eu-central-1`"
  value       = aws_ec2_transit_gateway_vpc_attachment.data_tgw_eu_central_1.id
}

output "near_data_peering_id" {
  description = "id of peering `near-data`"
  value       = aws_vpc_peering_connection.near_data.id
}
