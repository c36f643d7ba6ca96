# balancer `orders-nlb`, whose nodes use targets of every zone
resource "aws_lb" "orders_nlb" {
  name                                                         = "orders-nlb"
  load_balancer_type                                           = "network"
  internal                                                     = true
  enable_cross_zone_load_balancing                             = true
  security_groups                                              = [var.orders_nlb_group_id]
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"

  tags = {
    Name = "orders-nlb"
  }

  subnet_mapping {
    subnet_id            = var.data_euc1_az1_subnet_id
    private_ipv4_address = "10.0.4.10"
  }

  subnet_mapping {
    subnet_id            = var.data_euc1_az2_subnet_id
    private_ipv4_address = "10.0.20.10"
  }
}

# targets: any of `orders`
resource "aws_lb_target_group" "orders_bootstrap" {
  name               = "orders-bootstrap"
  vpc_id             = var.data_vpc_id
  target_type        = "ip"
  protocol           = "TLS"
  port               = 9098
  preserve_client_ip = false
  proxy_protocol_v2  = false

  tags = {
    Name = "orders-bootstrap"
  }

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "orders_bootstrap_broker_1" {
  target_group_arn = aws_lb_target_group.orders_bootstrap.arn
  target_id        = var.orders_broker_1_address
  port             = 9098
}

resource "aws_lb_target_group_attachment" "orders_bootstrap_broker_2" {
  target_group_arn = aws_lb_target_group.orders_bootstrap.arn
  target_id        = var.orders_broker_2_address
  port             = 9098
}

# port 9000 leads to any of `orders`
resource "aws_lb_listener" "orders_nlb_9000" {
  load_balancer_arn = aws_lb.orders_nlb.arn
  port              = 9000
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.orders_nlb_certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders_bootstrap.arn
  }
}

# targets: broker 1 of `orders`
resource "aws_lb_target_group" "orders_1" {
  name               = "orders-1"
  vpc_id             = var.data_vpc_id
  target_type        = "ip"
  protocol           = "TLS"
  port               = 9098
  preserve_client_ip = false
  proxy_protocol_v2  = false

  tags = {
    Name = "orders-1"
  }

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "orders_1_broker_1" {
  target_group_arn = aws_lb_target_group.orders_1.arn
  target_id        = var.orders_broker_1_address
  port             = 9098
}

# port 9001 leads to broker 1 of `orders`
resource "aws_lb_listener" "orders_nlb_9001" {
  load_balancer_arn = aws_lb.orders_nlb.arn
  port              = 9001
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.orders_nlb_certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders_1.arn
  }
}

# targets: broker 2 of `orders`
resource "aws_lb_target_group" "orders_2" {
  name               = "orders-2"
  vpc_id             = var.data_vpc_id
  target_type        = "ip"
  protocol           = "TLS"
  port               = 9098
  preserve_client_ip = false
  proxy_protocol_v2  = false

  tags = {
    Name = "orders-2"
  }

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 10
    healthy_threshold   = 3
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "orders_2_broker_2" {
  target_group_arn = aws_lb_target_group.orders_2.arn
  target_id        = var.orders_broker_2_address
  port             = 9098
}

# port 9002 leads to broker 2 of `orders`
resource "aws_lb_listener" "orders_nlb_9002" {
  load_balancer_arn = aws_lb.orders_nlb.arn
  port              = 9002
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.orders_nlb_certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders_2.arn
  }
}

# offers `orders-nlb` to other VPCs
resource "aws_vpc_endpoint_service" "orders" {
  network_load_balancer_arns = [aws_lb.orders_nlb.arn]
  acceptance_required        = false

  allowed_principals = [
    "arn:aws:iam::222222222222:root",
  ]

  supported_regions = ["eu-central-1", "eu-west-1"]

  tags = {
    Name = "orders"
  }
}
