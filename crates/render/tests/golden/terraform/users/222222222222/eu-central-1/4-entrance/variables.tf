variable "events_cluster_arn" {
  description = "output `events_cluster_arn` of 111111111111/eu-central-1/2-cluster"
  type        = string
}

variable "orders_service_name" {
  description = "output `orders_service_name` of 111111111111/eu-central-1/3-front"
  type        = string
}

variable "shop_euc1_az1_subnet_id" {
  description = "output `shop_euc1_az1_subnet_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_euc1_az2_subnet_id" {
  description = "output `shop_euc1_az2_subnet_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_events_endpoint_group_id" {
  description = "output `shop_events_endpoint_group_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_orders_endpoint_group_id" {
  description = "output `shop_orders_endpoint_group_id` of 222222222222/eu-central-1/1-network"
  type        = string
}

variable "shop_vpc_id" {
  description = "output `shop_vpc_id` of 222222222222/eu-central-1/1-network"
  type        = string
}
