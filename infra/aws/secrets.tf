# Made empty: `python -m infra.aws.prepare` fills them once the database is there, so that Terraform never sees a
# password and its state holds none.
resource "aws_secretsmanager_secret" "database_url" {
  for_each = toset(["products", "customers", "orders"])

  name                    = "${var.name}/${each.key}-database-url"
  description             = "Where PostgreSQL is, as the role ${each.key}"
  recovery_window_in_days = var.protected ? 30 : 0
}

resource "aws_secretsmanager_secret" "control_token" {
  count = var.dashboard_enabled ? 1 : 0

  name                    = "${var.name}/control-token"
  description             = "Who has it may change things at the dashboard"
  recovery_window_in_days = var.protected ? 30 : 0
}
