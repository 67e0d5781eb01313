# How much of the error budget is being burnt, as the SRE workbook counts it: at 14.4 times the sustainable rate a
# month's budget lasts two days, at 6 times five days. The long window says that it matters, the short one that it is
# still going on; the alarm is raised when both say so.
locals {
  budget = 1 - var.objective

  error_windows = {
    "5xx"             = { seconds = 60, ratio = 0.01, periods = 2 }
    "burn-fast-long"  = { seconds = 3600, ratio = 14.4 * local.budget, periods = 1 }
    "burn-fast-short" = { seconds = 300, ratio = 14.4 * local.budget, periods = 1 }
    "burn-slow-long"  = { seconds = 21600, ratio = 6 * local.budget, periods = 1 }
    "burn-slow-short" = { seconds = 1800, ratio = 6 * local.budget, periods = 1 }
  }

  # RequestCount leaves out a request for which the load balancer had no target to choose, which it answers with 503.
  # One that it answers with 502 or 504 had a target and is in RequestCount already.
  error_metrics = {
    requests       = "RequestCount"
    without_target = "HTTPCode_ELB_503_Count"
    by_targets     = "HTTPCode_Target_5XX_Count"
    by_balancer    = "HTTPCode_ELB_5XX_Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.error_windows

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "Of the requests in ${each.value.seconds} s, more than ${format("%.2f", 100 * each.value.ratio)} % failed."
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.ratio
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  # The windows are for the two alarms below.
  actions_enabled = each.key == "5xx"
  alarm_actions   = [aws_sns_topic.alarms.arn]
  ok_actions      = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "failed"
    label       = "share of requests that failed"
    expression  = "(FILL(by_targets, 0) + FILL(by_balancer, 0)) / (FILL(requests, 0) + FILL(without_target, 0))"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.error_metrics
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = aws_lb.this.arn_suffix }
        period      = each.value.seconds
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "burn" {
  for_each = toset(["fast", "slow"])

  alarm_name        = "${var.name}-burn-${each.key}"
  alarm_description = "The error budget of ${format("%.3f", 100 * local.budget)} % is being burnt ${each.key == "fast" ? "14.4" : "6"} times as fast as it lasts."
  alarm_rule        = join(" AND ", [for window in ["long", "short"] : "ALARM(\"${aws_cloudwatch_metric_alarm.errors["burn-${each.key}-${window}"].alarm_name}\")"])
  alarm_actions     = [aws_sns_topic.alarms.arn]
  ok_actions        = [aws_sns_topic.alarms.arn]
}
