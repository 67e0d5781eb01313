output "task_definition_arn" {
  description = "The task definition's newest revision."
  value       = aws_ecs_task_definition.this.arn
}

output "security_group_id" {
  description = "Group of the tasks; rules for it are in security.tf."
  value       = aws_security_group.this.id
}

output "log_group_name" {
  description = "Where the tasks log."
  value       = aws_cloudwatch_log_group.this.name
}

output "execution_role_name" {
  description = "Role that starts the tasks."
  value       = aws_iam_role.execution.name
}
