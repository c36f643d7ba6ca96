variable "broker_1_address" {
  type = string
}

variable "certificate_arn" {
  type = string
}

resource "aws_vpc" "data" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true

  tags = {
    Name = "data"
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "data" {
  vpc_id     = aws_vpc.data.id
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.1.0/24"
  availability_zone_id = "euc1-az1"
}

resource "aws_subnet" "b" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.2.0/24"
  availability_zone_id = "euc1-az2"
}

resource "aws_network_acl" "data" {
  vpc_id = aws_vpc.data.id
}

resource "aws_network_acl_rule" "in" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 9094
  to_port        = 9094
}

resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 100
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 0
  to_port        = 0
}

resource "aws_security_group" "nlb" {
  name        = "nlb"
  description = "says nothing"
  vpc_id      = aws_vpc.data.id
}

resource "aws_vpc_security_group_ingress_rule" "nlb" {
  security_group_id            = aws_security_group.nlb.id
  referenced_security_group_id = "222222222222/sg-0123"
  ip_protocol                  = "tcp"
  from_port                    = 9001
  to_port                      = 9001
}

resource "aws_lb" "orders" {
  name                             = "orders"
  internal                         = true
  load_balancer_type               = "network"
  enable_cross_zone_load_balancing = true
  security_groups                  = [aws_security_group.nlb.id]

  subnet_mapping {
    subnet_id            = aws_subnet.b.id
    private_ipv4_address = "10.0.2.7"
  }
  subnet_mapping {
    subnet_id            = aws_subnet.a.id
    private_ipv4_address = "10.0.1.7"
  }
}

resource "aws_lb_target_group" "b1" {
  name               = "b1"
  port               = 9094
  protocol           = "TCP"
  target_type        = "ip"
  vpc_id             = aws_vpc.data.id
  preserve_client_ip = false

  health_check {
    protocol          = "TCP"
    healthy_threshold = 2
  }
}

resource "aws_lb_target_group_attachment" "b1" {
  target_group_arn = aws_lb_target_group.b1.arn
  target_id        = var.broker_1_address
  port             = 9094
}

resource "aws_lb_listener" "b1" {
  load_balancer_arn        = aws_lb.orders.arn
  port                     = 9001
  protocol                 = "TLS"
  certificate_arn          = var.certificate_arn
  tcp_idle_timeout_seconds = 600

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.b1.arn
  }
}

resource "aws_vpc_endpoint_service" "orders" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.orders.arn]
}

resource "aws_vpc_endpoint_service_allowed_principal" "shop" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.orders.id
  principal_arn           = "arn:aws:iam::222222222222:root"
}

output "service_name" {
  value = aws_vpc_endpoint_service.orders.service_name
}
