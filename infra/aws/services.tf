locals {
  services = merge(
    { products = module.products, gateway = module.gateway, customers = module.customers, orders = module.orders },
    { for dashboard in module.dashboard : "dashboard" => dashboard },
  )

  # What every service is told.
  settings = merge(var.settings, {
    AFLOAT_FAULTS_ENABLED = tostring(var.faults_enabled)
    # A task that is stopped by hand serves on until the load balancer has noticed.
    AFLOAT_DRAIN_S        = "10"
    AFLOAT_STOP_TIMEOUT_S = "10"
  })

  # asyncpg reads PGSSLMODE as libpq does.
  database_settings = merge(local.settings, {
    AFLOAT_DATABASE_POOL_SIZE = tostring(var.pool_size)
    PGSSLMODE                 = "require"
  })
}
