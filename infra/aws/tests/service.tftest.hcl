# What the module makes of one service.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name      = "products"
  prefix    = "test"
  task_size = { cpu = 256, memory = 1024 }
  scaling   = { minimum_tasks = 3, maximum_tasks = 6, minimum_healthy_percent = 66, maximum_percent = 200 }
  cluster = {
    name                 = "test"
    arn                  = "arn:aws:ecs:us-east-1:123456789012:cluster/test"
    namespace_arn        = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1"
    vpc_id               = "vpc-1"
    subnet_ids           = ["subnet-1"]
    assign_public_ip     = true
    region               = "us-east-1"
    log_days             = 30
    image                = "afloat-services:1"
    image_repository_arn = "arn:aws:ecr:us-east-1:123456789012:repository/test"
  }
}

run "a_service_that_only_others_call_is_unknown_to_the_load_balancer" {
  command = plan
  module {
    source = "./modules/service"
  }
  assert {
    condition     = length(aws_lb_target_group.this) + length(aws_lb_listener_rule.this) == 0 && output.target_group == null
    error_message = "The load balancer has something for a service that is not public."
  }
  assert {
    condition     = one(aws_ecs_service.this.service_connect_configuration[0].service[0].client_alias[*].dns_name) == "products"
    error_message = "Other services cannot call it by its name."
  }
}

run "a_public_service_is_checked_every_10_s_and_drained_for_longer_than_a_request_may_take" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    public = { listener_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/test/1/1", priority = 1, paths = ["/products/*"], methods = ["GET"] }
  }
  assert {
    condition     = aws_lb_target_group.this[0].health_check[0].interval == 10 && aws_lb_target_group.this[0].health_check[0].unhealthy_threshold == 2 && aws_lb_target_group.this[0].health_check[0].timeout == 5
    error_message = "A failing task gets requests for longer than 20 s, or one that hangs for longer than 25 s."
  }
  assert {
    condition     = aws_lb_target_group.this[0].health_check[0].path == "/readyz"
    error_message = "The load balancer does not ask whether the task can serve."
  }
  assert {
    condition     = tonumber(aws_lb_target_group.this[0].deregistration_delay) > 3
    error_message = "A request may outlast the deregistration delay."
  }
  assert {
    condition     = aws_lb_target_group.this[0].load_balancing_algorithm_type == "least_outstanding_requests"
    error_message = "A hung task gets its full share of requests."
  }
}

run "a_failed_roll_out_is_taken_back" {
  command = plan
  module {
    source = "./modules/service"
  }
  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "Nothing stops a roll-out of a broken image."
  }
}

run "autoscaling_moves_between_the_two_numbers_of_tasks" {
  command = plan
  module {
    source = "./modules/service"
  }
  assert {
    condition     = aws_appautoscaling_target.tasks.min_capacity == 3 && aws_appautoscaling_target.tasks.max_capacity == 6
    error_message = "Autoscaling has other bounds than the service."
  }
}

run "a_stopped_service_has_no_tasks_and_none_are_started" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    running = false
  }
  assert {
    condition     = aws_ecs_service.this.desired_count == 0 && aws_appautoscaling_target.tasks.min_capacity == 0 && aws_appautoscaling_target.tasks.max_capacity == 0
    error_message = "A stopped service costs money."
  }
}

run "a_rule_that_has_too_many_values_for_the_load_balancer_is_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    public = { listener_arn = "arn", priority = 1, paths = ["/a", "/b", "/c", "/d"], methods = ["GET", "PUT"] }
  }
  expect_failures = [var.public]
}
