# connections of resource endpoints enter `data` here
resource "aws_vpclattice_resource_gateway" "orders_resources" {
  name               = "orders-resources"
  vpc_id             = var.data_vpc_id
  subnet_ids         = [var.data_euc1_az1_subnet_id, var.data_euc1_az2_subnet_id]
  security_group_ids = [var.orders_resources_group_id]

  tags = {
    Name = "orders-resources"
  }
}

# resource: broker 1 of `orders`
resource "aws_vpclattice_resource_configuration" "orders_1" {
  name                        = "orders-1"
  type                        = "SINGLE"
  resource_gateway_identifier = aws_vpclattice_resource_gateway.orders_resources.id
  custom_domain_name          = "b-1.${var.orders_domain}"
  protocol                    = "TCP"
  port_ranges                 = ["9094"]

  tags = {
    Name = "orders-1"
  }

  resource_configuration_definition {
    ip_resource {
      ip_address = var.orders_broker_1_address
    }
  }
}

# resource: broker 2 of `orders`
resource "aws_vpclattice_resource_configuration" "orders_2" {
  name                        = "orders-2"
  type                        = "SINGLE"
  resource_gateway_identifier = aws_vpclattice_resource_gateway.orders_resources.id
  custom_domain_name          = "b-2.${var.orders_domain}"
  protocol                    = "TCP"
  port_ranges                 = ["9094"]

  tags = {
    Name = "orders-2"
  }

  resource_configuration_definition {
    ip_resource {
      ip_address = var.orders_broker_2_address
    }
  }
}
