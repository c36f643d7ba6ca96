terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.56.0"
    }
  }
}

provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["333333333333"]

  default_tags {
    tags = {
      breezeway = "hub"
    }
  }
}
