# Who may talk to whom: each line opens the way out of one group and into the other, and there is no other way but
# the visitors' to the load balancer and the tasks' to AWS itself.
locals {
  groups = merge(
    { lb = aws_security_group.lb.id, database = aws_security_group.database.id, migrate = module.migrate.security_group_id },
    { for name, service in local.services : name => service.security_group_id },
  )

  flows = merge(
    {
      lb-products        = { from = "lb", to = "products", port = 8000 }
      lb-gateway         = { from = "lb", to = "gateway", port = 8000 }
      gateway-products   = { from = "gateway", to = "products", port = 8000 }
      gateway-customers  = { from = "gateway", to = "customers", port = 8000 }
      gateway-orders     = { from = "gateway", to = "orders", port = 8000 }
      products-database  = { from = "products", to = "database", port = 5432 }
      customers-database = { from = "customers", to = "database", port = 5432 }
      orders-database    = { from = "orders", to = "database", port = 5432 }
      migrate-database   = { from = "migrate", to = "database", port = 5432 }
    },
    var.dashboard_enabled ? { lb-dashboard = { from = "lb", to = "dashboard", port = 8000 } } : {},
    var.dashboard_enabled ? {
      for to in ["products", "gateway", "customers", "orders"] :
      "dashboard-${to}" => { from = "dashboard", to = to, port = 8000 }
    } : {},
  )
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each = local.flows

  security_group_id            = local.groups[each.value.from]
  referenced_security_group_id = local.groups[each.value.to]
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = "to ${each.value.to}"
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each = local.flows

  security_group_id            = local.groups[each.value.to]
  referenced_security_group_id = local.groups[each.value.from]
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = "from ${each.value.from}"
}
