"""A day of figures, minute by minute, judged by the alarms of the template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.watching.cloudwatch import ALARM, CloudWatch
from tests.watching.printed_figures import read_figures
from tests.watching.template_alarms import fill_in
from tools.build import read_resources

STACK = "seoshop-asperion"
ALARM_SHOPS = 5
EVENING = datetime(2026, 3, 15, 22, 0, tzinfo=UTC)


class WatchedDay:
    """The alarms, and a clock that the test moves. Names of functions and queues are those of the
    template.
    """

    def __init__(self, *, at: datetime = EVENING) -> None:
        known = {"AlarmShops": ALARM_SHOPS, "AWS::StackName": STACK}
        self.watch = CloudWatch(fill_in(read_resources()["Resources"], known))
        self.now = at

    def pass_minutes(self, minutes: int, each: Callable[[], object] | None = None) -> None:
        """`each` happens in every minute; the alarms are judged at its end."""
        for _ in range(minutes):
            if each is not None:
                each()
            self.now += timedelta(minutes=1)
            self.watch.judge(self.now)

    def printed(self, text: str) -> None:
        """A function printed that."""
        for figure in read_figures(text):
            self.watch.put(figure.namespace, figure.name, figure.value, self.now, figure.dimensions)

    def called(self, function: str, *, errors: int = 0, throttles: int = 0) -> None:
        """Lambda called a function once, so many times with an error; and refused so many."""
        for name, value in (("Invocations", 1), ("Errors", errors), ("Throttles", throttles)):
            self.watch.put("AWS/Lambda", name, value, self.now, {"FunctionName": function})

    def counted(self, queue: str, *, waiting: int = 0, done: int = 0) -> None:
        """SQS counted the messages of a queue."""
        for name, value in (
            ("ApproximateNumberOfMessagesVisible", waiting),
            ("NumberOfMessagesDeleted", done),
        ):
            self.watch.put("AWS/SQS", name, value, self.now, {"QueueName": queue})

    def answered_5xx(self, times: int) -> None:
        """API Gateway answered so often with 500 and the like."""
        self.watch.put("AWS/ApiGateway", "5XXError", times, self.now, {"ApiName": STACK})

    def rings(self) -> set[str]:
        """The alarms that ring now and tell somebody."""
        return {
            name
            for name, alarm in self.watch.alarms.items()
            if self.watch.state(name) == ALARM and alarm.get("AlarmActions")
        }
