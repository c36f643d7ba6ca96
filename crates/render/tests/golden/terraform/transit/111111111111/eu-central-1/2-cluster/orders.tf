# settings of `orders`
resource "aws_msk_configuration" "orders" {
  name           = "orders-3-9-x-kraft"
  kafka_versions = ["3.9.x.kraft"]

  server_properties = <<-EOT
    auto.create.topics.enable=false
  EOT

  lifecycle {
    create_before_destroy = true
  }
}

# cluster `orders`
resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.9.x.kraft"
  number_of_broker_nodes = 2

  tags = {
    Name = "orders"
  }

  broker_node_group_info {
    instance_type   = "express.m7g.large"
    client_subnets  = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]
    security_groups = [var.orders_brokers_group_id]
  }

  configuration_info {
    arn      = aws_msk_configuration.orders.arn
    revision = aws_msk_configuration.orders.latest_revision
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = false
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

# lets clients of other accounts connect to `orders`
resource "aws_msk_cluster_policy" "orders" {
  cluster_arn = aws_msk_cluster.orders.arn

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
          "kafka-cluster:Connect",
          "kafka-cluster:DescribeCluster",
          "kafka-cluster:WriteDataIdempotently",
        ]
        Resource = aws_msk_cluster.orders.arn
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
        Resource = "arn:aws:kafka:eu-central-1:111111111111:topic/orders/*"
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
        Resource = "arn:aws:kafka:eu-central-1:111111111111:group/orders/*"
      },
    ]
  })
}
