locals {
  # The two configurations of the reference experiment.
  configurations = {
    two_tasks_100  = { minimum_tasks = 2, maximum_tasks = 6, minimum_healthy_percent = 100, maximum_percent = 200 }
    three_tasks_66 = { minimum_tasks = 3, maximum_tasks = 6, minimum_healthy_percent = 66, maximum_percent = 200 }
  }

  products = var.products == null ? local.configurations[var.configuration] : var.products
  others   = var.others

  # Sizes of a task on Fargate: MiB, by CPU units. AWS knows larger ones, which a Python process cannot use.
  fargate_mib = {
    "256"  = [512, 1024, 2048]
    "512"  = range(1024, 4096 + 1, 1024)
    "1024" = range(2048, 8192 + 1, 1024)
    "2048" = range(4096, 16384 + 1, 1024)
    "4096" = range(8192, 30720 + 1, 1024)
  }
}
