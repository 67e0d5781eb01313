variable "configuration" {
  description = "Which of the reference experiment's two configurations Products runs in."
  type        = string
  default     = "three_tasks_66"

  validation {
    condition     = contains(["two_tasks_100", "three_tasks_66"], var.configuration)
    error_message = "Use two_tasks_100 or three_tasks_66."
  }
}

variable "products" {
  description = "How many tasks of Products there are and how they are replaced, in place of the configuration's."
  type = object({
    minimum_tasks           = number
    maximum_tasks           = number
    minimum_healthy_percent = optional(number, 100)
    maximum_percent         = optional(number, 200)
  })
  default = null
}

variable "others" {
  description = "The same for each of the gateway, Customers and Orders."
  type = object({
    minimum_tasks           = optional(number, 2)
    maximum_tasks           = optional(number, 3)
    minimum_healthy_percent = optional(number, 100)
    maximum_percent         = optional(number, 200)
  })
  default = {}
}

variable "task_size" {
  description = "CPU units (1024 are one vCPU) and MiB of each task, Service Connect's proxy included."
  type = object({
    cpu    = optional(number, 256)
    memory = optional(number, 1024)
  })
  default = {}

  validation {
    condition     = contains(try(local.fargate_mib[tostring(var.task_size.cpu)], []), var.task_size.memory)
    error_message = "With ${var.task_size.cpu} CPU units Fargate has no task of ${var.task_size.memory} MiB. It has these: ${join("; ", [for cpu, mib in local.fargate_mib : "${cpu} with ${join(", ", mib)}"])}."
  }
}

variable "database" {
  description = "The database instance; multi_az keeps a standby in a second zone, which takes over by itself. Another max_connections than a running instance has counts from its next restart on: until then nothing checks the tasks' connections against what it really takes."
  type = object({
    instance_class  = optional(string, "db.t4g.micro")
    storage_gb      = optional(number, 20)
    multi_az        = optional(bool, false)
    max_connections = optional(number, 110)
    backup_days     = optional(number, 7)
  })
  default = {}

  validation {
    condition     = var.database.storage_gb >= 20
    error_message = "gp3 storage starts at 20 GB."
  }
}

variable "pool_size" {
  description = "Connections to the database at most, per task."
  type        = number
  default     = 4

  # As chassis/settings.py has it.
  validation {
    condition     = var.pool_size >= 1 && var.pool_size <= 50 && var.pool_size == floor(var.pool_size)
    error_message = "Use a whole number from 1 to 50: a service that is told another one does not start."
  }
}
