# A roll-out that could never move is refused before anything is made. `stay` and `most` are what ECS makes of the
# percentages: it rounds the tasks that must stay up, and the tasks that may run down.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name      = "products"
  prefix    = "test"
  task_size = { cpu = 256, memory = 1024 }
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

run "three_at_66_percent_stop_one_at_a_time" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 3, maximum_tasks = 3, minimum_healthy_percent = 66, maximum_percent = 100 }
  }
  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 66
    error_message = "The service is not told how many tasks must stay up."
  }
  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "DISABLED"
    error_message = "ECS refuses to rebalance zones where it may not start a task first."
  }
}

run "two_at_100_percent_start_one_first" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 2, maximum_tasks = 2, minimum_healthy_percent = 100, maximum_percent = 150 }
  }
  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "ENABLED"
    error_message = "Zones are not rebalanced."
  }
}

run "three_to_three_thousand_are_as_good_as_three" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 3, maximum_tasks = 3000, minimum_healthy_percent = 66, maximum_percent = 100 }
  }
  assert {
    condition     = aws_appautoscaling_target.tasks.max_capacity == 3000
    error_message = "Autoscaling is not told how many tasks there may be."
  }
}

# stay 3, most 3
run "three_at_67_percent_are_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 3, maximum_tasks = 3, minimum_healthy_percent = 67, maximum_percent = 100 }
  }
  expect_failures = [var.scaling]
}

# stay 2, most 2: 66 % of two is the same as 100 %
run "two_at_66_percent_are_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 2, maximum_tasks = 2, minimum_healthy_percent = 66, maximum_percent = 100 }
  }
  expect_failures = [var.scaling]
}

# stay 1, most 1
run "one_of_which_at_most_199_percent_may_run_is_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 1, maximum_tasks = 1, minimum_healthy_percent = 100, maximum_percent = 199 }
  }
  expect_failures = [var.scaling]
}

# Three could be rolled out; scaled in to two they could not.
run "a_size_that_autoscaling_may_choose_is_refused_too" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 2, maximum_tasks = 3, minimum_healthy_percent = 66, maximum_percent = 100 }
  }
  expect_failures = [var.scaling]
}

run "no_task_at_all_is_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 0, maximum_tasks = 2, minimum_healthy_percent = 100, maximum_percent = 200 }
  }
  expect_failures = [var.scaling]
}

run "more_tasks_at_least_than_at_most_are_refused" {
  command = plan
  module {
    source = "./modules/service"
  }
  variables {
    scaling = { minimum_tasks = 4, maximum_tasks = 3, minimum_healthy_percent = 50, maximum_percent = 200 }
  }
  expect_failures = [var.scaling]
}
