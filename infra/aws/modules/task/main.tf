# What it takes to run one container on Fargate: the task definition, its log, its network group and its one role.

locals {
  full_name  = "${var.prefix}-${var.name}"
  is_service = var.port != null

  # First whether it is ready, so that a version that cannot serve is taken back, even of a service that no balancer asks.
  # From then on whether it lives: a database outage is no reason to kill every task. The process remembers which:
  # the probe, whose root is read-only, has nowhere to note it, and a volume on Fargate belongs to root.
  health_check = {
    command     = ["CMD", "python", "-I", "-S", "chassis/probe.py", "http://127.0.0.1:${coalesce(var.port, 0)}/readyz?once=true"]
    interval    = 10
    timeout     = 5
    retries     = 3
    startPeriod = 60
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.prefix}/${var.name}"
  retention_in_days = var.cluster.log_days
}

resource "aws_security_group" "this" {
  name        = local.full_name
  description = "Tasks of ${var.name}"
  vpc_id      = var.cluster.vpc_id
}

# The registry, Secrets Manager and CloudWatch Logs.
resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "to AWS"
}

# No task role: what runs inside the container has no business with AWS.
resource "aws_ecs_task_definition" "this" {
  family                   = local.full_name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task_size.cpu
  memory                   = var.task_size.memory
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([merge(
    {
      name                   = var.name
      image                  = var.cluster.image
      command                = ["python", "-m", "services.${var.name}"]
      essential              = true
      user                   = "10001"
      readonlyRootFilesystem = true
      # Longer than the drain and the requests in flight after it; then comes SIGKILL.
      stopTimeout  = 30
      environment  = [for name, value in var.environment : { name = name, value = value }]
      secrets      = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
      portMappings = []
      mountPoints  = []
      volumesFrom  = []

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.cluster.region
          awslogs-stream-prefix = var.name
          # A log that cannot be written must not stop the service.
          mode            = "non-blocking"
          max-buffer-size = "4m"
        }
      }
    },
    local.is_service ? {
      portMappings = [{ name = var.name, containerPort = var.port, hostPort = var.port, protocol = "tcp", appProtocol = "http" }]
      healthCheck  = local.health_check
    } : null,
  )])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  # A job's log and role must be usable before it runs.
  depends_on = [aws_iam_role_policy.execution]
}
