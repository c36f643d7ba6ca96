output "tgw_eu_west_1_tgw_eu_central_1_transit_peering_id" {
  description = "id of transit peering `tgw-eu-west-1-tgw-eu-central-1`"
  value       = aws_ec2_transit_gateway_peering_attachment.tgw_eu_west_1_tgw_eu_central_1.id
}

output "web_tgw_eu_west_1_attachment_id" {
  description = "id of attachment `web-tgw-eu-west-1`"
  value       = aws_ec2_transit_gateway_vpc_attachment.web_tgw_eu_west_1.id
}
