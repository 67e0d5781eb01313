locals {
  port = 8000
}

module "task" {
  source = "../task"

  name        = var.name
  prefix      = var.prefix
  cluster     = var.cluster
  task_size   = var.task_size
  environment = var.environment
  secrets     = var.secrets
  port        = local.port
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = var.cluster.arn
  task_definition = module.task.task_definition_arn
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  desired_count                      = var.running ? var.scaling.minimum_tasks : 0
  deployment_minimum_healthy_percent = var.scaling.minimum_healthy_percent
  deployment_maximum_percent         = var.scaling.maximum_percent

  # Rebalancing starts a task before it stops one.
  availability_zone_rebalancing = var.scaling.maximum_percent > 100 ? "ENABLED" : "DISABLED"

  # The load balancer's opinion counts from then on: a task takes about a minute to start and to connect.
  health_check_grace_period_seconds = var.public == null ? null : 60

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.cluster.subnet_ids
    security_groups  = [module.task.security_group_id]
    assign_public_ip = var.cluster.assign_public_ip
  }

  service_connect_configuration {
    enabled   = true
    namespace = var.cluster.namespace_arn

    service {
      port_name      = var.name
      discovery_name = var.name

      client_alias {
        dns_name = var.name
        port     = local.port
      }
    }
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.this
    content {
      target_group_arn = load_balancer.value.arn
      container_name   = var.name
      container_port   = local.port
    }
  }

  lifecycle {
    # Autoscaling's from now on.
    ignore_changes = [desired_count]
  }

  # ECS takes no target group that no listener sends to. And who is called must have a name first.
  depends_on = [aws_lb_listener_rule.this, var.calls]
}
