output "site_group_id" {
  description = "id of group `site`"
  value       = aws_security_group.site.id
}

output "tgw_eu_west_1_main_transit_table_id" {
  description = "id of transit table `tgw-eu-west-1-main`"
  value       = aws_ec2_transit_gateway_route_table.tgw_eu_west_1_main.id
}

output "tgw_eu_west_1_transit_gateway_id" {
  description = "id of transit gateway `tgw-eu-west-1`"
  value       = aws_ec2_transit_gateway.tgw_eu_west_1.id
}

output "web_euw1_az1_route_table_id" {
  description = "id of route table `web-euw1-az1`"
  value       = aws_route_table.web_euw1_az1.id
}

output "web_euw1_az1_subnet_id" {
  description = "id of subnet `web-euw1-az1`"
  value       = aws_subnet.web_euw1_az1.id
}

output "web_vpc_id" {
  description = "id of vpc `web`"
  value       = aws_vpc.web.id
}
