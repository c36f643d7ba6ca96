output "east_main_transit_table_id" {
  description = "id of transit table `east-main`"
  value       = aws_ec2_transit_gateway_route_table.east_main.id
}

output "east_transit_gateway_id" {
  description = "id of transit gateway `east`"
  value       = aws_ec2_transit_gateway.east.id
}

output "far_use1_az1_route_table_id" {
  description = "id of route table `far-use1-az1`"
  value       = aws_route_table.far_use1_az1.id
}

output "far_use1_az1_subnet_id" {
  description = "id of subnet `far-use1-az1`"
  value       = aws_subnet.far_use1_az1.id
}

output "far_use1_az2_route_table_id" {
  description = "id of route table `far-use1-az2`"
  value       = aws_route_table.far_use1_az2.id
}

output "far_use1_az2_subnet_id" {
  description = "id of subnet `far-use1-az2`"
  value       = aws_subnet.far_use1_az2.id
}

output "far_vpc_id" {
  description = "id of vpc `far`"
  value       = aws_vpc.far.id
}

output "report_group_id" {
  description = "id of group `report`"
  value       = aws_security_group.report.id
}
