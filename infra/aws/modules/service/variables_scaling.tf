variable "scaling" {
  description = "How many tasks there are, between which autoscaling chooses, and how many may be missing or too many during a roll-out, in percent of them."
  type = object({
    minimum_tasks           = number
    maximum_tasks           = number
    minimum_healthy_percent = number
    maximum_percent         = number
  })

  validation {
    condition     = var.scaling.minimum_tasks >= 1 && var.scaling.minimum_tasks <= var.scaling.maximum_tasks
    error_message = "There is at least one task, and the maximum is no less than the minimum."
  }

  validation {
    condition     = var.scaling.minimum_healthy_percent >= 0 && var.scaling.minimum_healthy_percent <= 100 && var.scaling.maximum_percent >= 100 && var.scaling.maximum_percent <= 200
    error_message = "minimum_healthy_percent is 0 to 100, maximum_percent 100 to 200."
  }

  # ECS rounds the tasks that must stay up, and those that may run down: 67 % of 3 are 3, 150 % of 1 is 1. A roll-out
  # moves if it may stop one task (stay < d) or start one (most > d); it must at every size d that autoscaling may choose.
  # It may stop one if d * (100 - minimum_healthy_percent) >= 100, and start one if d * (maximum_percent - 100) >= 100:
  # what the smallest size may do every larger one may too.
  validation {
    condition = (
      ceil(var.scaling.minimum_tasks * var.scaling.minimum_healthy_percent / 100) < var.scaling.minimum_tasks ||
      floor(var.scaling.minimum_tasks * var.scaling.maximum_percent / 100) > var.scaling.minimum_tasks
    )
    error_message = "A roll-out could never move with ${var.scaling.minimum_tasks} tasks: none may be stopped (${var.scaling.minimum_healthy_percent} % rounds up to all of them) and none started (${var.scaling.maximum_percent} % rounds down to no more). Lower minimum_healthy_percent or raise maximum_percent."
  }
}

variable "cpu_target_percent" {
  description = "Average CPU that autoscaling steers to."
  type        = number
  default     = 50
}
