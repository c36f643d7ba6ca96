output "shop_tgw_eu_central_1_attachment_id" {
  description = "id of attachment `shop-tgw-eu-central-1`"
  value       = aws_ec2_transit_gateway_vpc_attachment.shop_tgw_eu_central_1.id
}
