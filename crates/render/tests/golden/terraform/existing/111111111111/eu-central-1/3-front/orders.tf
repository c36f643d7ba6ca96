# balancer `orders-nlb-1`, whose nodes use targets of every zone
resource "aws_lb" "orders_nlb_1" {
  name                                                         = "orders-nlb-1"
  load_balancer_type                                           = "network"
  internal                                                     = true
  enable_cross_zone_load_balancing                             = true
  security_groups                                              = [var.orders_nlb_group_id]
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"

  tags = {
    Name = "orders-nlb-1"
  }

  subnet_mapping {
    subnet_id            = "subnet-0da7a000000000011"
    private_ipv4_address = "10.0.0.254"
  }

  subnet_mapping {
    subnet_id            = "subnet-0da7a000000000012"
    private_ipv4_address = "10.0.1.254"
  }
}

# targets: broker 1 of `orders`
resource "aws_lb_target_group" "orders_nlb_1" {
  name               = "orders-nlb-1"
  vpc_id             = "vpc-0da7a000000000001"
  target_type        = "ip"
  protocol           = "TCP"
  port               = 9094
  preserve_client_ip = false
  proxy_protocol_v2  = false

  tags = {
    Name = "orders-nlb-1"
  }

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "orders_nlb_1_broker_1" {
  target_group_arn = aws_lb_target_group.orders_nlb_1.arn
  target_id        = "10.0.0.17"
  port             = 9094
}

# port 9094 leads to broker 1 of `orders`
resource "aws_lb_listener" "orders_nlb_1_9094" {
  load_balancer_arn        = aws_lb.orders_nlb_1.arn
  port                     = 9094
  protocol                 = "TCP"
  tcp_idle_timeout_seconds = 600

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders_nlb_1.arn
  }
}

# balancer `orders-nlb-2`, whose nodes use targets of every zone
resource "aws_lb" "orders_nlb_2" {
  name                                                         = "orders-nlb-2"
  load_balancer_type                                           = "network"
  internal                                                     = true
  enable_cross_zone_load_balancing                             = true
  security_groups                                              = [var.orders_nlb_group_id]
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"

  tags = {
    Name = "orders-nlb-2"
  }

  subnet_mapping {
    subnet_id            = "subnet-0da7a000000000011"
    private_ipv4_address = "10.0.0.253"
  }

  subnet_mapping {
    subnet_id            = "subnet-0da7a000000000012"
    private_ipv4_address = "10.0.1.253"
  }
}

# targets: broker 2 of `orders`
resource "aws_lb_target_group" "orders_nlb_2" {
  name               = "orders-nlb-2"
  vpc_id             = "vpc-0da7a000000000001"
  target_type        = "ip"
  protocol           = "TCP"
  port               = 9094
  preserve_client_ip = false
  proxy_protocol_v2  = false

  tags = {
    Name = "orders-nlb-2"
  }

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "orders_nlb_2_broker_2" {
  target_group_arn = aws_lb_target_group.orders_nlb_2.arn
  target_id        = "10.0.1.23"
  port             = 9094
}

# port 9094 leads to broker 2 of `orders`
resource "aws_lb_listener" "orders_nlb_2_9094" {
  load_balancer_arn        = aws_lb.orders_nlb_2.arn
  port                     = 9094
  protocol                 = "TCP"
  tcp_idle_timeout_seconds = 600

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders_nlb_2.arn
  }
}

# offers `orders-nlb-1` to other VPCs
resource "aws_vpc_endpoint_service" "orders_1" {
  network_load_balancer_arns = [aws_lb.orders_nlb_1.arn]
  acceptance_required        = false

  allowed_principals = [
    "arn:aws:iam::222222222222:root",
  ]

  tags = {
    Name = "orders-1"
  }
}

# offers `orders-nlb-2` to other VPCs
resource "aws_vpc_endpoint_service" "orders_2" {
  network_load_balancer_arns = [aws_lb.orders_nlb_2.arn]
  acceptance_required        = false

  allowed_principals = [
    "arn:aws:iam::222222222222:root",
  ]

  tags = {
    Name = "orders-2"
  }
}
