resource "aws_vpc" "data" {
  cidr_block = var.range
}

resource "aws_subnet" "data_1" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.1.0/24"
  availability_zone_id = "euc1-az1"
}

resource "aws_lb" "front" {
  name               = var.name
  internal           = true
  load_balancer_type = "network"

  subnet_mapping {
    subnet_id            = aws_subnet.data_1.id
    private_ipv4_address = "10.0.1.10"
  }
}

resource "aws_lb_target_group" "front_1" {
  vpc_id      = aws_vpc.data.id
  protocol    = "TCP"
  port        = 9094
  target_type = "ip"
}

resource "aws_lb_listener" "front_1" {
  load_balancer_arn = aws_lb.front.arn
  protocol          = "TCP"
  port              = 9094

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front_1.arn
  }
}

resource "aws_route53_zone" "names" {
  name = var.zone

  vpc {
    vpc_id = aws_vpc.data.id
  }
}

output "name" {
  value = "next-${var.name}"
}

output "front_arn" {
  value = aws_lb.front.arn
}
