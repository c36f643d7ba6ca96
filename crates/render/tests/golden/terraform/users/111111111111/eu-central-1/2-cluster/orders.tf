# settings of `orders`
resource "aws_msk_configuration" "orders" {
  name           = "orders-3-9-x-kraft"
  kafka_versions = ["3.9.x.kraft"]

  server_properties = <<-EOT
    default.replication.factor=2
    min.insync.replicas=1
    offsets.topic.replication.factor=2
    transaction.state.log.min.isr=1
    transaction.state.log.replication.factor=2
    ${var.orders_advertises_network ? "custom.advertised.listeners=CLIENT_SASL_SCRAM://b-{broker_id}.${var.orders_domain}:9000+{broker_id}" : ""}
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
    instance_type   = "kafka.m7g.large"
    client_subnets  = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]
    security_groups = [var.orders_brokers_group_id]

    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.orders.arn
    revision = aws_msk_configuration.orders.latest_revision
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = false
      scram = true
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

# encrypts the secrets of users of `orders`: MSK takes no AWS-managed key
resource "aws_kms_key" "orders_users" {
  description         = "encrypts the secrets of users of orders"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::111111111111:root",
          ]
        }
        Action   = ["kms:*"]
        Resource = "*"
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = [
            "arn:aws:iam::222222222222:root",
          ]
        }
        Action   = ["kms:Decrypt"]
        Resource = "*"
        Condition = {
          StringEquals = {
            "kms:ViaService" = "secretsmanager.eu-central-1.amazonaws.com"
          }
        }
      },
    ]
  })

  tags = {
    Name = "orders-users"
  }

  lifecycle {
    prevent_destroy = true
  }
}

# `billing` authenticates by it
resource "aws_secretsmanager_secret" "billing" {
  name        = "AmazonMSK_users_billing"
  description = "billing authenticates to orders by it"
  kms_key_id  = aws_kms_key.orders_users.arn

  tags = {
    Name = "billing"
  }

  lifecycle {
    prevent_destroy = true
  }
}

# `checkout` authenticates by it
resource "aws_secretsmanager_secret" "checkout" {
  name        = "AmazonMSK_users_checkout"
  description = "checkout authenticates to orders by it"
  kms_key_id  = aws_kms_key.orders_users.arn

  tags = {
    Name = "checkout"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_secretsmanager_secret_policy" "checkout" {
  secret_arn          = aws_secretsmanager_secret.checkout.arn
  block_public_policy = true

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
          "secretsmanager:GetSecretValue",
        ]
        Resource = "*"
      },
      {
        Effect = "Allow"
        Principal = {
          Service = "kafka.amazonaws.com"
        }
        Action = [
          "secretsmanager:GetSecretValue",
        ]
        Resource = "*"
      },
    ]
  })
}

# `orders` knows these users
resource "aws_msk_scram_secret_association" "orders_users" {
  cluster_arn = aws_msk_cluster.orders.arn

  secret_arn_list = [
    aws_secretsmanager_secret.billing.arn,
    aws_secretsmanager_secret.checkout.arn,
  ]

  depends_on = [
    aws_secretsmanager_secret_policy.checkout,
  ]
}
