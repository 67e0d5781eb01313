resource "aws_ecs_cluster" "this" {
  name = var.name
}

# Where Service Connect keeps who is called what.
resource "aws_service_discovery_http_namespace" "this" {
  name = var.name
}

locals {
  cluster = {
    name                 = aws_ecs_cluster.this.name
    arn                  = aws_ecs_cluster.this.arn
    namespace_arn        = aws_service_discovery_http_namespace.this.arn
    vpc_id               = aws_vpc.this.id
    subnet_ids           = values(local.tasks_are_private ? aws_subnet.private : aws_subnet.public)[*].id
    assign_public_ip     = !local.tasks_are_private
    region               = var.region
    log_days             = var.log_days
    image                = "${aws_ecr_repository.services.repository_url}:${var.image_tag}"
    image_repository_arn = aws_ecr_repository.services.arn
  }
}
