# It sends visitors of its own through the load balancer, from the public address of its task or of a NAT gateway:
# `allowed_cidrs` must let those in.
module "dashboard" {
  source = "./modules/service"
  count  = var.dashboard_enabled ? 1 : 0

  name      = "dashboard"
  prefix    = var.name
  cluster   = local.cluster
  task_size = var.task_size
  running   = var.running
  calls     = [module.products.service_name, module.gateway.service_name, module.customers.service_name, module.orders.service_name]

  # One, replaced after it has stopped: it keeps what it has seen in its memory.
  scaling = { minimum_tasks = 1, maximum_tasks = 1, minimum_healthy_percent = 0, maximum_percent = 100 }

  environment = merge(local.settings, {
    AFLOAT_LB_URL          = local.public_url
    AFLOAT_PUBLIC_URL      = local.public_url
    AFLOAT_DASHBOARD_HOSTS = join(" ", distinct(compact([aws_lb.this.dns_name, var.domain])))
  })
  secrets = { AFLOAT_CONTROL_TOKEN = aws_secretsmanager_secret.control_token[0].arn }

  public = {
    listener_arn = local.listener_arn
    priority     = 30
    paths        = ["/", "/control/*"]
    methods      = ["GET", "PUT", "DELETE"]
  }
}

# HTTPS is open to every task already.
resource "aws_vpc_security_group_egress_rule" "visitors" {
  count = var.dashboard_enabled ? 1 : 0

  security_group_id = module.dashboard[0].security_group_id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  description       = "to the load balancer"
}
