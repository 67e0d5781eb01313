# What Fargate or a service itself would refuse is refused before anything is made.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image_tag = "test"
}

run "a_task_of_256_cpu_units_with_1536_mib_is_refused" {
  command = plan
  variables {
    task_size = { cpu = 256, memory = 1536 }
  }
  expect_failures = [var.task_size]
}

run "a_task_of_512_cpu_units_with_1536_mib_is_refused" {
  command = plan
  variables {
    task_size = { cpu = 512, memory = 1536 }
  }
  expect_failures = [var.task_size]
}

run "a_task_of_4096_cpu_units_with_32768_mib_is_refused" {
  command = plan
  variables {
    task_size = { cpu = 4096, memory = 32768 }
  }
  expect_failures = [var.task_size]
}

run "the_largest_task_is_taken" {
  command = plan
  variables {
    task_size = { cpu = 4096, memory = 30720 }
  }
}

run "a_pool_of_no_connection_is_refused" {
  command = plan
  variables {
    pool_size = 0
  }
  expect_failures = [var.pool_size]
}

run "a_pool_of_more_connections_than_a_service_takes_is_refused" {
  command = plan
  variables {
    pool_size = 51
  }
  expect_failures = [var.pool_size]
}

run "a_pool_with_half_a_connection_is_refused" {
  command = plan
  variables {
    pool_size = 2.5
  }
  expect_failures = [var.pool_size]
}
