variable "name" {
  description = "Name of the service: of its module under services/, and of itself in Service Connect."
  type        = string
}

variable "prefix" {
  description = "Put in front of the names of everything that is made."
  type        = string
}

variable "cluster" {
  description = "Where the service runs; made once, in cluster.tf."
  type = object({
    name                 = string
    arn                  = string
    namespace_arn        = string
    vpc_id               = string
    subnet_ids           = list(string)
    assign_public_ip     = bool
    region               = string
    log_days             = number
    image                = string
    image_repository_arn = string
  })
}

variable "task_size" {
  description = "CPU units and MiB of a task."
  type        = object({ cpu = number, memory = number })
}

variable "environment" {
  description = "Environment variables, by name."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Environment variables from Secrets Manager: name = the secret's ARN."
  type        = map(string)
  default     = {}
}

variable "running" {
  description = "Whether any task runs."
  type        = bool
  default     = true
}

variable "calls" {
  description = "Names of the services that it calls, each from its own module: they are made before it. A task knows the names that Service Connect had when the task's service was last deployed, and no later one."
  type        = list(string)
  default     = []
}

variable "public" {
  description = "What the load balancer sends here: methods and paths, and the rule's place among the listener's. null: nothing, only other services call."
  type = object({
    listener_arn = string
    priority     = number
    paths        = list(string)
    methods      = list(string)
  })
  default = null

  validation {
    condition     = var.public == null ? true : length(var.public.paths) + length(var.public.methods) <= 5
    error_message = "A listener's rule has room for five values: give fewer paths or methods."
  }
}
