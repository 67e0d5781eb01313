output "security_group_id" {
  description = "Group of the tasks; rules for it are in security.tf."
  value       = module.task.security_group_id
}

output "service_name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "The task definition that was applied; ECS runs the one before if it has taken a deployment back."
  value       = module.task.task_definition_arn
}

output "target_group" {
  description = "The target group as CloudWatch calls it; null where the load balancer sends nothing here."
  value       = one(aws_lb_target_group.this[*].arn_suffix)
}

output "log_group_name" {
  description = "Where the tasks log."
  value       = module.task.log_group_name
}
