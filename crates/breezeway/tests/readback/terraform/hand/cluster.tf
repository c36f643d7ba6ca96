variable "vpc_connectivity" {
  type    = bool
  default = false
}

resource "aws_msk_configuration" "orders" {
  name              = "orders"
  server_properties = "auto.create.topics.enable=false\n"
}

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.9.x.kraft"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = ["subnet-01", "subnet-02"]
    security_groups = ["sg-01"]

    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }

    connectivity_info {
      vpc_connectivity {
        client_authentication {
          sasl {
            iam = var.vpc_connectivity ? true : false
          }
        }
      }
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = true
    }
    tls {
      certificate_authority_arns = ["arn:aws:acm-pca:eu-central-1:111111111111:certificate-authority/1"]
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.orders.arn
    revision = aws_msk_configuration.orders.latest_revision
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
    }
  }
}

resource "aws_msk_cluster_policy" "orders" {
  cluster_arn = aws_msk_cluster.orders.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = ["222222222222"] }
      Action    = ["kafka:CreateVpcConnection"]
      Resource  = "${aws_msk_cluster.orders.arn}/*"
    }]
  })
}

resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_ram_resource_share" "hub" {
  name                      = "hub"
  allow_external_principals = true
}

resource "aws_ram_resource_association" "hub" {
  resource_arn       = aws_ec2_transit_gateway.hub.arn
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_ram_principal_association" "hub" {
  principal          = "222222222222"
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_vpclattice_resource_gateway" "orders" {
  name               = "orders"
  vpc_id             = "vpc-0abc"
  subnet_ids         = ["subnet-01"]
  security_group_ids = ["sg-01"]
}

resource "aws_vpclattice_resource_configuration" "b1" {
  name                        = "orders-1"
  resource_gateway_identifier = aws_vpclattice_resource_gateway.orders.id
  port_ranges                 = ["9098"]
  protocol                    = "TCP"

  resource_configuration_definition {
    ip_resource {
      ip_address = "10.0.1.10"
    }
  }
}

output "cluster_arn" {
  value = aws_msk_cluster.orders.arn
}
