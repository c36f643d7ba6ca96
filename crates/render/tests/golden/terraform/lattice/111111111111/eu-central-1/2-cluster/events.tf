# cluster `events`
resource "aws_msk_serverless_cluster" "events" {
  cluster_name = "events"

  tags = {
    Name = "events"
  }

  client_authentication {
    sasl {
      iam {
        enabled = true
      }
    }
  }

  vpc_config {
    subnet_ids         = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]
    security_group_ids = [var.events_brokers_group_id]
  }

  lifecycle {
    prevent_destroy = true
  }
}
