# A one-shot task, run by `python -m infra.aws.prepare`: it makes the roles and the schemas, and seeds.
module "migrate" {
  source = "./modules/task"

  name      = "migrate"
  prefix    = var.name
  cluster   = local.cluster
  task_size = var.task_size

  environment = merge(local.settings, {
    AFLOAT_ADMIN_DATABASE_URL = "postgresql://${aws_db_instance.this.username}@${aws_db_instance.this.endpoint}/${aws_db_instance.this.db_name}"
    PGSSLMODE                 = "require"
  })

  secrets = {
    PGPASSWORD                    = "${aws_db_instance.this.master_user_secret[0].secret_arn}:password::"
    AFLOAT_PRODUCTS_DATABASE_URL  = aws_secretsmanager_secret.database_url["products"].arn
    AFLOAT_CUSTOMERS_DATABASE_URL = aws_secretsmanager_secret.database_url["customers"].arn
    AFLOAT_ORDERS_DATABASE_URL    = aws_secretsmanager_secret.database_url["orders"].arn
  }
}
