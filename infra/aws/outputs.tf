output "url" {
  description = "Where the stack answers."
  value       = local.public_url
}

output "region" {
  description = "Region that it runs in."
  value       = var.region
}

output "cluster" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "repository_url" {
  description = "Where to push the image."
  value       = aws_ecr_repository.services.repository_url
}

output "database" {
  description = "Where PostgreSQL listens, and which database is ours."
  value = {
    address = aws_db_instance.this.address
    port    = aws_db_instance.this.port
    name    = aws_db_instance.this.db_name
  }
}

output "database_url_secrets" {
  description = "ARN of the secret with each role's database URL, for `python -m infra.aws.prepare` to fill."
  value       = { for name, secret in aws_secretsmanager_secret.database_url : name => secret.arn }
}

output "control_token_secret" {
  description = "ARN of the secret with the dashboard's token; null without a dashboard."
  value       = one(aws_secretsmanager_secret.control_token[*].arn)
}

output "task_definitions" {
  description = "What was applied for each service; where `aws ecs describe-services` names another one, ECS has taken the deployment back."
  value       = { for name, service in local.services : name => service.task_definition_arn }
}

output "migrate_task" {
  description = "What `python -m infra.aws.prepare` needs to run the migrate task."
  value = {
    task_definition  = module.migrate.task_definition_arn
    subnets          = local.cluster.subnet_ids
    security_group   = module.migrate.security_group_id
    assign_public_ip = local.cluster.assign_public_ip
    log_group        = module.migrate.log_group_name
  }
}
