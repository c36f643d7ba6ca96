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

    tls {
      certificate_authority_arns = [var.orders_private_ca_arn]
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
