resource "aws_lb_target_group" "this" {
  count = var.public == null ? 0 : 1

  name                          = "${var.prefix}-${var.name}"
  vpc_id                        = var.cluster.vpc_id
  target_type                   = "ip"
  port                          = local.port
  protocol                      = "HTTP"
  load_balancing_algorithm_type = "least_outstanding_requests"

  # Longer than any request may take (3 s), with room for a slow client.
  deregistration_delay = 15

  # A task that cannot serve gets no request after 20 s, one that hangs after 25 s. If that is all of them, the balancer
  # asks them all the same.
  health_check {
    path                = "/readyz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener_rule" "this" {
  count = var.public == null ? 0 : 1

  listener_arn = var.public.listener_arn
  priority     = var.public.priority

  condition {
    path_pattern {
      values = var.public.paths
    }
  }

  condition {
    http_request_method {
      values = var.public.methods
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[0].arn
  }
}
