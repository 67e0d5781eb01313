resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = values(aws_subnet.database)[*].id
}

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "PostgreSQL"
  vpc_id      = aws_vpc.this.id
}

resource "aws_db_parameter_group" "this" {
  name   = var.name
  family = "postgres18"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # The planner's estimates are no ground for compiling a query that takes a millisecond.
  parameter {
    name  = "jit"
    value = "0"
  }

  # Not log_statement: it would log the roles' passwords when the migrate task sets them.
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }

  parameter {
    name         = "max_connections"
    value        = var.database.max_connections
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  db_name        = "afloat"
  engine         = "postgres"
  engine_version = "18"
  instance_class = var.database.instance_class
  multi_az       = var.database.multi_az

  storage_type      = "gp3"
  allocated_storage = var.database.storage_gb
  storage_encrypted = true

  # RDS makes the password, keeps it in Secrets Manager and changes it every week; only the migrate task reads it.
  username                    = "afloat_admin"
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  publicly_accessible    = false

  auto_minor_version_upgrade      = true
  backup_retention_period         = var.database.backup_days
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  deletion_protection             = var.protected
  skip_final_snapshot             = !var.protected
  final_snapshot_identifier       = var.protected ? "${var.name}-final" : null

  lifecycle {
    precondition {
      condition     = local.connections_at_most <= var.database.max_connections - 10
      error_message = "Scaled out and in the middle of a roll-out, the tasks may open ${local.connections_at_most} connections, but database.max_connections leaves ${var.database.max_connections - 10} for them."
    }
  }
}

locals {
  # Every service that has a database, with as many tasks as a roll-out at full scale may run at once.
  connections_at_most = var.pool_size * sum([
    for scaling in [local.products, local.others, local.others] :
    floor(scaling.maximum_tasks * scaling.maximum_percent / 100)
  ])
}
