output "east_tgw_eu_central_1_transit_peering_id" {
  description = "id of transit peering `east-tgw-eu-central-1`"
  value       = aws_ec2_transit_gateway_peering_attachment.east_tgw_eu_central_1.id
}

output "far_east_attachment_id" {
  description = "id of attachment `far-east`"
  value       = aws_ec2_transit_gateway_vpc_attachment.far_east.id
}
