variable "cidr" {
  description = "Addresses of the network, a /16."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && endswith(var.cidr, "/16")
    error_message = "Write it as 10.40.0.0/16."
  }
}

variable "nat_gateways" {
  description = "How tasks reach the registry, the secrets and the logs: 0 by public addresses of their own that admit nobody, 1 or 3 from private subnets through that many NAT gateways."
  type        = number
  default     = 0

  validation {
    condition     = contains([0, 1, 3], var.nat_gateways)
    error_message = "Use 0, 1, or 3 (one in each zone)."
  }
}

variable "allowed_cidrs" {
  description = "Who may reach the load balancer."
  type        = set(string)
  default     = ["0.0.0.0/0"]
}

variable "certificate_arn" {
  description = "Certificate for HTTPS; plain HTTP is then redirected. null: HTTP only."
  type        = string
  default     = null
}

variable "domain" {
  description = "Host name that the certificate is for, and by which the stack is then reached; pointing it at the load balancer is left to you."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || var.domain != null
    error_message = "Name the host that the certificate is for: it cannot be the load balancer's own, which every visitor would be warned of."
  }
}

variable "alarm_email" {
  description = "Who is told of alarms, once the address is confirmed. null: nobody, the alarms change colour only."
  type        = string
  default     = null
}

variable "objective" {
  description = "Share of requests that must not fail; the burn-rate alarms watch what it leaves."
  type        = number
  default     = 0.999

  validation {
    condition     = 14.4 * (1 - var.objective) < 1 && var.objective < 1
    error_message = "Use a share above 0.9306 and below 1, such as 0.999: with less, even if every request failed, the budget would not burn 14.4 times too fast, and the alarm for that could not fire."
  }
}

variable "latency_s" {
  description = "Slowest p99 that raises no alarm, in seconds."
  type        = number
  default     = 1
}

variable "log_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
}
