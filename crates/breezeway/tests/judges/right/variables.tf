variable "name" {
  type        = string
  description = "Name of the load balancer."
}

variable "range" {
  type        = string
  description = "Range of the VPC."
}

variable "zone" {
  type        = string
  description = "Name of the private hosted zone."
}
