module "gateway" {
  source = "./modules/service"

  name      = "gateway"
  prefix    = var.name
  cluster   = local.cluster
  task_size = var.task_size
  scaling   = local.others
  running   = var.running
  calls     = [module.products.service_name, module.customers.service_name, module.orders.service_name]

  # Service Connect's names: each call goes to a healthy task, and to another one if it cannot be reached.
  environment = merge(local.settings, {
    AFLOAT_PRODUCTS_URL  = "http://products:8000"
    AFLOAT_CUSTOMERS_URL = "http://customers:8000"
    AFLOAT_ORDERS_URL    = "http://orders:8000"
  })

  public = {
    listener_arn = local.listener_arn
    priority     = 20
    paths        = ["/api/*"]
    methods      = ["GET", "POST"]
  }
}
