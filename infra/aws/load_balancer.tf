resource "aws_security_group" "lb" {
  name        = "${var.name}-lb"
  description = "The load balancer, the one thing that the public reaches"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "visitors" {
  for_each = {
    for pair in setproduct(var.allowed_cidrs, var.certificate_arn == null ? [80] : [80, 443]) :
    "${pair[0]}:${pair[1]}" => { cidr = pair[0], port = pair[1] }
  }

  security_group_id = aws_security_group.lb.id
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  description       = "visitors"
}

resource "aws_lb" "this" {
  name                       = var.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.lb.id]
  subnets                    = values(aws_subnet.public)[*].id
  enable_deletion_protection = var.protected

  # A target's keep-alive (75 s) must outlast this, or the balancer writes into a connection that is being closed.
  idle_timeout               = 60
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
}

# With a certificate this one only redirects.
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = var.certificate_arn == null ? "fixed-response" : "redirect"

    dynamic "fixed_response" {
      for_each = var.certificate_arn == null ? [local.not_found] : []
      content {
        status_code  = "404"
        content_type = "application/json"
        message_body = fixed_response.value
      }
    }

    dynamic "redirect" {
      for_each = var.certificate_arn == null ? [] : [443]
      content {
        status_code = "HTTP_301"
        protocol    = "HTTPS"
        port        = redirect.value
      }
    }
  }
}

resource "aws_lb_listener" "https" {
  count = var.certificate_arn == null ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "application/json"
      message_body = local.not_found
    }
  }
}

locals {
  # nginx answers the same to what no route is for.
  not_found    = jsonencode({ type = "about:blank", title = "Not Found", status = 404, detail = "There is nothing at this address." })
  listener_arn = var.certificate_arn == null ? aws_lb_listener.http.arn : aws_lb_listener.https[0].arn
  public_url   = var.certificate_arn == null ? "http://${aws_lb.this.dns_name}" : "https://${var.domain}"
}
