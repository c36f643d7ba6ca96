output "site_group_id" {
  description = "id of group `site`"
  value       = aws_security_group.site.id
}

output "web_euw1_az1_route_table_id" {
  description = "id of route table `web-euw1-az1`"
  value       = aws_route_table.web_euw1_az1.id
}

output "web_vpc_id" {
  description = "id of vpc `web`"
  value       = aws_vpc.web.id
}
