# settings of `events`
resource "aws_msk_configuration" "events" {
  name           = "events-3-6-0"
  kafka_versions = ["3.6.0"]

  server_properties = <<-EOT
    default.replication.factor=2
    min.insync.replicas=1
    offsets.topic.replication.factor=2
    transaction.state.log.min.isr=1
    transaction.state.log.replication.factor=2
  EOT

  lifecycle {
    create_before_destroy = true
  }
}

# cluster `events`
resource "aws_msk_cluster" "events" {
  cluster_name           = "events"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2

  tags = {
    Name = "events"
  }

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]
    security_groups = [var.events_brokers_group_id]

    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }

    connectivity_info {
      vpc_connectivity {
        client_authentication {
          tls = false

          sasl {
            iam   = var.events_vpc_connectivity
            scram = false
          }
        }
      }
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.events.arn
    revision = aws_msk_configuration.events.latest_revision
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = false
    }

    tls {
      certificate_authority_arns = [var.events_private_ca_arn]
    }
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

# lets clients of other accounts connect to `events`
resource "aws_msk_cluster_policy" "events" {
  cluster_arn = aws_msk_cluster.events.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action = [
          "kafka:CreateVpcConnection",
          "kafka:DescribeCluster",
          "kafka:DescribeClusterV2",
          "kafka:GetBootstrapBrokers",
        ]
        Resource = aws_msk_cluster.events.arn
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action = [
          "kafka-cluster:Connect",
          "kafka-cluster:DescribeCluster",
          "kafka-cluster:WriteDataIdempotently",
        ]
        Resource = aws_msk_cluster.events.arn
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action = [
          "kafka-cluster:DescribeTopic",
          "kafka-cluster:ReadData",
          "kafka-cluster:WriteData",
        ]
        Resource = "arn:aws:kafka:eu-central-1:111111111111:topic/events/*"
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
        Resource = "arn:aws:kafka:eu-central-1:111111111111:group/events/*"
      },
    ]
  })
}
