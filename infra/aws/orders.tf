module "orders" {
  source = "./modules/service"

  name      = "orders"
  prefix    = var.name
  cluster   = local.cluster
  task_size = var.task_size
  scaling   = local.others
  running   = var.running

  environment = local.database_settings
  secrets     = { AFLOAT_DATABASE_URL = aws_secretsmanager_secret.database_url["orders"].arn }
}
