module "products" {
  source = "./modules/service"

  name      = "products"
  prefix    = var.name
  cluster   = local.cluster
  task_size = var.task_size
  scaling   = local.products
  running   = var.running

  environment = local.database_settings
  secrets     = { AFLOAT_DATABASE_URL = aws_secretsmanager_secret.database_url["products"].arn }

  public = {
    listener_arn = local.listener_arn
    priority     = 10
    paths        = ["/products/*"]
    methods      = ["GET"]
  }
}
