# One image serves every service; each task's command says which.
resource "aws_ecr_repository" "services" {
  name                 = "${var.name}-services"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = !var.protected

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "services" {
  repository = aws_ecr_repository.services.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep what one may want to roll back to"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
      action       = { type = "expire" }
    }]
  })
}
