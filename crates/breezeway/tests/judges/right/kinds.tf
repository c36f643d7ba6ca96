resource "aws_vpc" "data" {
  cidr_block = var.range
}

resource "aws_subnet" "data_1" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.1.0/24"
  availability_zone_id = "euc1-az1"
}

resource "aws_subnet" "data_2" {
  vpc_id               = aws_vpc.data.id
  cidr_block           = "10.0.2.0/24"
  availability_zone_id = "euc1-az2"
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.data.id
}

resource "aws_route_table_association" "data_1" {
  subnet_id      = aws_subnet.data_1.id
  route_table_id = aws_route_table.data.id
}

resource "aws_network_acl" "data" {
  vpc_id = aws_vpc.data.id
}

resource "aws_network_acl_rule" "data_in_100" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 100
  protocol       = "6"
  rule_action    = "allow"
  egress         = false
  cidr_block     = "10.1.0.0/16"
  from_port      = 9094
  to_port        = 9096
}

resource "aws_security_group" "brokers" {
  name        = "orders-brokers"
  description = "Brokers of orders."
  vpc_id      = aws_vpc.data.id
}

resource "aws_vpc_security_group_ingress_rule" "brokers_from_clients" {
  security_group_id = aws_security_group.brokers.id
  ip_protocol       = "tcp"
  from_port         = 9094
  to_port           = 9096
  cidr_ipv4         = "10.1.1.0/24"
}

resource "aws_network_interface" "broker_1" {
  subnet_id       = aws_subnet.data_1.id
  private_ips     = ["10.0.1.20"]
  security_groups = [aws_security_group.brokers.id]
}

resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "hub_data" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.data.id
  subnet_ids         = [aws_subnet.data_1.id]
}

resource "aws_ec2_transit_gateway_route_table" "hub" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "hub_data" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.hub_data.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
}

resource "aws_route" "data_hub" {
  route_table_id         = aws_route_table.data.id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}

resource "aws_vpc_peering_connection" "data_other" {
  vpc_id        = aws_vpc.data.id
  peer_vpc_id   = "vpc-0123456789abcdef0"
  peer_owner_id = "222222222222"
  peer_region   = "us-east-1"
}

resource "aws_ram_resource_share" "hub" {
  name                      = "hub"
  allow_external_principals = true
}

resource "aws_ram_principal_association" "hub" {
  principal          = "222222222222"
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_kms_key" "orders" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_secretsmanager_secret" "checkout" {
  name       = "AmazonMSK_${var.name}_checkout"
  kms_key_id = aws_kms_key.orders.arn
}

resource "aws_msk_configuration" "orders" {
  name              = "orders"
  server_properties = "auto.create.topics.enable=false\n"
}

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.9.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = [aws_subnet.data_1.id, aws_subnet.data_2.id]
    security_groups = [aws_security_group.brokers.id]

    connectivity_info {
      vpc_connectivity {
        client_authentication {
          sasl {
            iam = true
          }
        }
      }
    }

    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }
  }

  client_authentication {
    sasl {
      iam   = true
      scram = true
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.orders.arn
    revision = aws_msk_configuration.orders.latest_revision
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }
}

resource "aws_msk_scram_secret_association" "orders" {
  cluster_arn     = aws_msk_cluster.orders.arn
  secret_arn_list = [aws_secretsmanager_secret.checkout.arn]
}

resource "aws_lb" "front" {
  name                                                         = "orders-front"
  internal                                                     = true
  load_balancer_type                                           = "network"
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"
  security_groups                                              = [aws_security_group.brokers.id]

  subnet_mapping {
    subnet_id            = aws_subnet.data_1.id
    private_ipv4_address = "10.0.1.10"
  }

  subnet_mapping {
    subnet_id            = aws_subnet.data_2.id
    private_ipv4_address = "10.0.2.10"
  }
}

resource "aws_lb_target_group" "front_1" {
  vpc_id      = aws_vpc.data.id
  protocol    = "TCP"
  port        = 9094
  target_type = "ip"

  health_check {
    protocol = "TCP"
    interval = 10
  }
}

resource "aws_lb_target_group_attachment" "front_1" {
  target_group_arn = aws_lb_target_group.front_1.arn
  target_id        = "10.0.1.20"
  port             = 9094
}

resource "aws_lb_listener" "front_1" {
  load_balancer_arn = aws_lb.front.arn
  protocol          = "TCP"
  port              = 9095

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front_1.arn
  }
}

resource "aws_vpc_endpoint_service" "front" {
  acceptance_required        = true
  network_load_balancer_arns = [aws_lb.front.arn]
  allowed_principals         = ["arn:aws:iam::222222222222:root"]
}

resource "aws_vpc_endpoint" "front" {
  vpc_id             = aws_vpc.data.id
  vpc_endpoint_type  = "Interface"
  service_name       = aws_vpc_endpoint_service.front.service_name
  subnet_ids         = [aws_subnet.data_1.id]
  security_group_ids = [aws_security_group.brokers.id]

  subnet_configuration {
    ipv4      = "10.0.1.9"
    subnet_id = aws_subnet.data_1.id
  }
}

resource "aws_vpclattice_resource_gateway" "orders" {
  name               = "orders"
  vpc_id             = aws_vpc.data.id
  subnet_ids         = [aws_subnet.data_1.id]
  security_group_ids = [aws_security_group.brokers.id]
}

resource "aws_vpclattice_resource_configuration" "orders_1" {
  name                        = "orders-1"
  resource_gateway_identifier = aws_vpclattice_resource_gateway.orders.id
  type                        = "SINGLE"
  port_ranges                 = ["9094"]
  protocol                    = "TCP"

  resource_configuration_definition {
    ip_resource {
      ip_address = "10.0.1.20"
    }
  }
}

resource "aws_route53_zone" "names" {
  name = var.zone

  vpc {
    vpc_id     = aws_vpc.data.id
    vpc_region = "eu-central-1"
  }
}

resource "aws_route53_record" "broker_1" {
  zone_id = aws_route53_zone.names.zone_id
  name    = "b-1.${var.zone}"
  type    = "A"
  ttl     = 60
  records = ["10.0.1.20"]
}

resource "aws_route53_record" "bootstrap" {
  zone_id = aws_route53_zone.names.zone_id
  name    = "bootstrap.${var.zone}"
  type    = "A"

  alias {
    name                   = aws_lb.front.dns_name
    zone_id                = aws_lb.front.zone_id
    evaluate_target_health = false
  }
}
