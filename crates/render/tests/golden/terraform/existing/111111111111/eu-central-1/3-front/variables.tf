variable "orders_nlb_group_id" {
  description = "output `orders_nlb_group_id` of 111111111111/eu-central-1/1-network"
  type        = string
}
