"""Alarms that notify the topic, one dashboard, and a budget."""

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.alarms import Alarm, Watched, alarms

RUNBOOK = "docs/runbook.md"
OVER_BUDGET = "over-budget"
Compare = cloudwatch.ComparisonOperator
Missing = cloudwatch.TreatMissingData


class Monitoring(Construct):
    """Notifications, and the dashboard that people look at then."""

    def __init__(self, scope: Construct, of: Watched) -> None:
        super().__init__(scope, "Monitoring")
        self.of = of
        made = [self._alarm(alarm) for alarm in alarms(of)]
        self._dashboard(made)
        self._budget()

    def _alarm(self, alarm: Alarm) -> cloudwatch.Alarm:
        made = cloudwatch.Alarm(
            self,
            alarm.name.title().replace("-", ""),
            alarm_name=f"{self.of.settings.name}-{alarm.name}",
            alarm_description=f"{alarm.says} Runbook: {RUNBOOK}, section {alarm.name}.",
            metric=alarm.metric,
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            comparison_operator=(
                Compare.LESS_THAN_THRESHOLD
                if alarm.below
                else Compare.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            ),
            treat_missing_data=(
                Missing.BREACHING if alarm.missing_is_bad else Missing.NOT_BREACHING
            ),
        )
        made.add_alarm_action(actions.SnsAction(self.of.alerts.topic))
        return made

    def _dashboard(self, made: list[cloudwatch.Alarm]) -> None:
        extract, runs, glue = self.of.extract, self.of.runs, self.of.glue_events
        rows: list[list[cloudwatch.IWidget]] = [
            [cloudwatch.AlarmStatusWidget(alarms=list(made), title="Alarms", width=24)],
            [
                cloudwatch.GraphWidget(title=title, left=left, right=right, width=12)
                for title, left, right in (
                    (
                        "Capture: invocations, errors; duration",
                        [extract.captures.metric_invocations(), extract.captures.metric_errors()],
                        [extract.captures.metric_duration()],
                    ),
                    (
                        "Import: files, errors",
                        [extract.imports.metric_invocations(), extract.imports.metric_errors()],
                        [],
                    ),
                    (
                        "Builds: succeeded, failed; time",
                        [runs.build.metric_succeeded(), runs.build.metric_failed()],
                        [runs.build.metric_time()],
                    ),
                    ("Glue: failed and slow runs", [glue.failed, glue.slow], []),
                    ("Age of the newest day, hours", [self.of.freshness.age], []),
                )
            ],
        ]
        cloudwatch.Dashboard(self, "Dashboard", dashboard_name=self.of.settings.name, widgets=rows)

    def _budget(self) -> None:
        """Notify at 80 % of the budget, and when the month's forecast exceeds it."""
        budget = budgets.CfnBudget
        subscriber = budget.SubscriberProperty(
            subscription_type="SNS", address=self.of.alerts.topic.topic_arn
        )
        notifications = [
            budget.NotificationWithSubscribersProperty(
                notification=budget.NotificationProperty(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[subscriber],
            )
            for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
        ]
        budget(
            self,
            "Budget",
            budget=budget.BudgetDataProperty(
                budget_name=f"{self.of.settings.name}-{OVER_BUDGET}",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budget.SpendProperty(
                    amount=self.of.settings.monthly_budget_usd, unit="USD"
                ),
            ),
            notifications_with_subscribers=notifications,
        )
