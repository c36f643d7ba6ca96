output "far_euw1_az1_subnet_id" {
  description = "id of subnet `far-euw1-az1`"
  value       = aws_subnet.far_euw1_az1.id
}

output "far_euw1_az2_subnet_id" {
  description = "id of subnet `far-euw1-az2`"
  value       = aws_subnet.far_euw1_az2.id
}

output "far_orders_endpoint_group_id" {
  description = "id of group `far-orders-endpoint`"
  value       = aws_security_group.far_orders_endpoint.id
}

output "far_vpc_id" {
  description = "id of vpc `far`"
  value       = aws_vpc.far.id
}

output "report_group_id" {
  description = "id of group `report`"
  value       = aws_security_group.report.id
}
