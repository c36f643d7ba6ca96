resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_network_acl_rule" "a" {
  network_acl_id = "acl-0123"
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 9094
  to_port        = 9094
}

resource "aws_network_interface" "a" {
  subnet_id = "subnet-0123"
}

resource "aws_lb" "a" {
  load_balancer_type = "network"
  subnets            = ["subnet-0123"]
}

resource "aws_lb_target_group" "a" {
  port     = 9094
  protocol = "TCP"
  vpc_id   = "vpc-0123"

  health_check {
  }
}

resource "aws_vpc_endpoint" "a" {
  vpc_id       = "vpc-0123"
  service_name = "com.amazonaws.eu-central-1.s3"
}

resource "aws_ec2_transit_gateway" "a" {
}

resource "aws_ram_resource_share" "a" {
  name = "a"
}

resource "aws_route53_resolver_rule" "a" {
  domain_name          = "example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0123"

  target_ip {
    ip = "10.0.0.2"
  }
}

resource "aws_vpclattice_resource_configuration" "a" {
  name                        = "abc"
  resource_gateway_identifier = "rgw-0123456789abcdef0"
  port_ranges                 = ["9094"]
  protocol                    = "TCP"

  resource_configuration_definition {
    ip_resource {
      ip_address = "10.0.0.2"
    }
  }
}

resource "aws_msk_cluster" "a" {
  cluster_name           = "a"
  kafka_version          = "3.9.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = ["subnet-01", "subnet-02"]
    security_groups = ["sg-01"]
  }

  encryption_info {
    encryption_in_transit {
    }
  }
}
