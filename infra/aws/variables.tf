variable "name" {
  description = "Name of everything here, and the value of its Project tag."
  type        = string
  default     = "afloat"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "Use 2 to 20 lower-case letters, digits and hyphens: a load balancer's name has room for no more."
  }
}

variable "region" {
  description = "Region to run in. It must have three availability zones."
  type        = string
  default     = "us-east-1"
}

variable "image_tag" {
  description = "Tag of the services' image in the repository that is made here."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "Name one build, such as a commit's hash: a tag that moves cannot be rolled back to."
  }
}

variable "running" {
  description = "Whether any task runs: false before the first image is pushed, or to stop paying for tasks."
  type        = bool
  default     = true
}

variable "faults_enabled" {
  description = "Whether faults can be injected through the services' own port, which only other tasks reach."
  type        = bool
  default     = false
}

variable "dashboard_enabled" {
  description = "Whether the dashboard runs, at / and /control/ of the load balancer. Its token must not cross the internet in clear."
  type        = bool
  default     = false

  validation {
    condition     = !var.dashboard_enabled || var.certificate_arn != null || !anytrue([for cidr in var.allowed_cidrs : endswith(cidr, "/0")])
    error_message = "The dashboard's token would be sent in clear, for anybody on the way to read: set certificate_arn and domain, or allowed_cidrs to those who may come."
  }
}

variable "settings" {
  description = "Further AFLOAT_* settings of every service, by name."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^AFLOAT_[A-Z_]+$", name))])
    error_message = "A setting's name is AFLOAT_ and capitals."
  }

  validation {
    condition     = !anytrue([for name in keys(var.settings) : can(regex("(_URL|_TOKEN|_PASSWORD)$", name))])
    error_message = "Addresses and secrets are given to the tasks that need them: do not set them here."
  }

  validation {
    condition     = !contains(keys(var.settings), "AFLOAT_KEEP_ALIVE_S")
    error_message = "AFLOAT_KEEP_ALIVE_S must outlast the load balancer's idle_timeout: it stays what the services have by default."
  }

  # They would be overruled, and nobody told.
  validation {
    condition = length(setintersection(keys(var.settings), [
      "AFLOAT_FAULTS_ENABLED", "AFLOAT_DATABASE_POOL_SIZE", "AFLOAT_DRAIN_S", "AFLOAT_STOP_TIMEOUT_S"
    ])) == 0
    error_message = "Use faults_enabled and pool_size; AFLOAT_DRAIN_S and AFLOAT_STOP_TIMEOUT_S are made for ECS's stop timeout."
  }
}

variable "protected" {
  description = "Whether the load balancer, the database and its last snapshot, the images and the secrets survive a mistaken destroy; the tasks, their logs and the alarms do not."
  type        = bool
  default     = false
}
