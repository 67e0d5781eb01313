variable "name" {
  description = "Name of the service, and of its module: the container runs `python -m services.NAME`."
  type        = string
}

variable "prefix" {
  description = "Put in front of the names of everything that is made."
  type        = string
}

variable "cluster" {
  description = "Where tasks run; made once, in cluster.tf."
  type = object({
    vpc_id               = string
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
  description = "Environment variables whose values come from Secrets Manager: name = the secret's ARN, or ARN:key:: for one key of a JSON secret."
  type        = map(string)
  default     = {}
}

variable "port" {
  description = "Port that the task listens on and is checked at. null: a job, which listens on none and ends."
  type        = number
  default     = null
}
