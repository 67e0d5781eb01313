# The whole stack, as planned.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image_tag = "test"
}

run "the_network_spans_three_zones_without_a_nat_gateway" {
  command = plan
  assert {
    condition     = length(aws_subnet.public) == 3 && length(aws_subnet.database) == 3
    error_message = "There is not one subnet of each kind in each of three zones."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_subnet.private) == 0
    error_message = "A NAT gateway costs more than two tasks: it has to be asked for."
  }
}

run "one_nat_gateway_serves_private_subnets_in_all_zones" {
  command = plan
  variables {
    nat_gateways = 1
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_subnet.private) == 3 && length(aws_route.nat) == 3
    error_message = "Some private subnet has no way out."
  }
  assert {
    condition     = !local.cluster.assign_public_ip
    error_message = "Tasks in private subnets have public addresses."
  }
}

run "three_nat_gateways_are_one_a_zone" {
  command = plan
  variables {
    nat_gateways = 3
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "Some zone has no NAT gateway."
  }
}

run "two_nat_gateways_are_refused" {
  command = plan
  variables {
    nat_gateways = 2
  }
  expect_failures = [var.nat_gateways]
}

run "the_default_is_three_tasks_of_which_two_stay_up" {
  command = plan
  assert {
    condition     = local.products.minimum_tasks == 3 && local.products.minimum_healthy_percent == 66 && local.products.maximum_percent == 200
    error_message = "This is not the reference experiment's second configuration."
  }
}

run "the_other_configuration_is_two_tasks_which_both_stay_up" {
  command = plan
  variables {
    configuration = "two_tasks_100"
  }
  assert {
    condition     = local.products.minimum_tasks == 2 && local.products.minimum_healthy_percent == 100 && local.products.maximum_percent == 200
    error_message = "This is not the reference experiment's first configuration."
  }
}

run "another_configuration_is_refused" {
  command = plan
  variables {
    configuration = "three_tasks_67"
  }
  expect_failures = [var.configuration]
}

run "without_a_certificate_it_is_http_alone" {
  command = plan
  assert {
    condition     = length(aws_lb_listener.https) == 0 && aws_lb_listener.http.default_action[0].type == "fixed-response"
    error_message = "There is an HTTPS listener without a certificate."
  }
}

run "with_a_certificate_http_only_redirects" {
  command = plan
  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    domain          = "afloat.example"
  }
  assert {
    condition     = aws_lb_listener.http.default_action[0].type == "redirect" && aws_lb_listener.https[0].port == 443
    error_message = "Plain HTTP is still served."
  }
  assert {
    condition     = output.url == "https://afloat.example"
    error_message = "The stack does not say that it is reached by HTTPS."
  }
}

run "a_certificate_without_its_host_name_is_refused" {
  command = plan
  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  }
  expect_failures = [var.domain]
}

run "the_database_is_private_encrypted_and_keeps_its_own_password" {
  command = plan
  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible && aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "The database is open, in clear, or its password is in the state."
  }
}

run "a_standby_of_the_database_can_be_asked_for" {
  command = plan
  variables {
    database = { multi_az = true }
  }
  assert {
    condition     = aws_db_instance.this.multi_az
    error_message = "The database has no standby."
  }
}

run "more_connections_than_the_database_takes_are_refused" {
  command = plan
  variables {
    pool_size = 6
  }
  expect_failures = [aws_db_instance.this]
}

run "what_is_protected_survives_a_mistaken_destroy" {
  command = plan
  variables {
    protected = true
  }
  assert {
    condition     = aws_lb.this.enable_deletion_protection && aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_ecr_repository.services.force_delete
    error_message = "Something is lost with a destroy."
  }
}

run "the_dashboard_is_off_unless_asked_for" {
  command = plan
  assert {
    condition     = length(module.dashboard) == 0 && !contains(keys(local.flows), "lb-dashboard")
    error_message = "There is a dashboard."
  }
}

run "the_dashboard_may_call_every_service_and_no_database" {
  command = plan
  variables {
    dashboard_enabled = true
    allowed_cidrs     = ["192.0.2.0/24"]
  }
  assert {
    condition     = toset([for flow in local.flows : flow.to if flow.from == "dashboard"]) == toset(["products", "gateway", "customers", "orders"])
    error_message = "The dashboard may call something else."
  }
}

run "a_dashboard_whose_token_everybody_on_the_way_can_read_is_refused" {
  command = plan
  variables {
    dashboard_enabled = true
    allowed_cidrs     = ["192.0.2.0/24", "0.0.0.0/0"]
  }
  expect_failures = [var.dashboard_enabled]
}

run "the_dashboard_is_open_to_everybody_behind_a_certificate" {
  command = plan
  variables {
    dashboard_enabled = true
    certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    domain            = "afloat.example"
  }
  assert {
    condition     = length(module.dashboard) == 1 && contains(var.allowed_cidrs, "0.0.0.0/0")
    error_message = "There is no dashboard, or not everybody reaches it."
  }
}

run "a_moving_tag_is_refused" {
  command = plan
  variables {
    image_tag = "latest"
  }
  expect_failures = [var.image_tag]
}

run "secrets_do_not_come_as_settings" {
  command = plan
  variables {
    settings = { AFLOAT_DATABASE_URL = "postgresql://somebody:secret@somewhere/afloat" }
  }
  expect_failures = [var.settings]
}

run "an_objective_whose_alarm_could_not_fire_is_refused" {
  command = plan
  variables {
    objective = 0.93
  }
  expect_failures = [var.objective]
}

run "an_objective_of_everything_is_refused" {
  command = plan
  variables {
    objective = 1
  }
  expect_failures = [var.objective]
}

run "the_alarms_count_every_failed_request_and_can_fire" {
  command = plan
  variables {
    objective = 0.94
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.errors : alarm.threshold < 1])
    error_message = "More than all requests would have to fail."
  }
  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.errors : name => format("%.3f", alarm.threshold)
      } == {
      "5xx"             = "0.010"
      "burn-fast-long"  = "0.864"
      "burn-fast-short" = "0.864"
      "burn-slow-long"  = "0.360"
      "burn-slow-short" = "0.360"
    }
    error_message = "The thresholds are not 14.4 and 6 times the error budget."
  }
}

run "a_keep_alive_that_the_load_balancer_could_outlast_is_refused" {
  command = plan
  variables {
    settings = { AFLOAT_KEEP_ALIVE_S = "31" }
  }
  expect_failures = [var.settings]
}

run "a_setting_that_would_be_overruled_is_refused" {
  command = plan
  variables {
    settings = { AFLOAT_DATABASE_POOL_SIZE = "9" }
  }
  expect_failures = [var.settings]
}

run "settings_reach_every_service" {
  command = plan
  variables {
    settings = { AFLOAT_LOG_LEVEL = "debug" }
  }
  assert {
    condition     = local.settings.AFLOAT_LOG_LEVEL == "debug" && local.database_settings.AFLOAT_LOG_LEVEL == "debug"
    error_message = "The setting is lost."
  }
}
