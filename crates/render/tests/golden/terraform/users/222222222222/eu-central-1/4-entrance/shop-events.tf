# `shop` reaches any of `events` here
resource "aws_msk_vpc_connection" "shop_events_iam" {
  target_cluster_arn = var.events_cluster_arn
  authentication     = "SASL_IAM"
  vpc_id             = var.shop_vpc_id
  client_subnets     = [var.shop_euc1_az1_subnet_id, var.shop_euc1_az2_subnet_id]

  security_groups = [
    var.shop_events_endpoint_group_id,
  ]

  tags = {
    Name = "shop-events-iam"
  }
}
