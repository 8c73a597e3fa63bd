"""CloudWatch in memory: figures by the minute, and alarms judged over them as AWS documents it.

ministack judges an alarm when somebody puts a figure: over all dimensions, over all its periods as
one, and never for figures that are missing. What is written here follows the user guide of
CloudWatch ("Configuring how CloudWatch alarms treat missing data" and what comes before it).

Not carried: metric math, anomaly bands, percentiles; that AWS looks at some more periods than it
judges, so that a late figure may be taken along; and that an alarm for which what is missing counts
as missing may ring early when all that there is breaches.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OK, ALARM, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
}
_ALARM_IS_ON = re.compile(r'ALARM\("([^"]+)"\)')

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: AWS takes another set of dimensions for another metric."""


@dataclass
class CloudWatch:
    """Metrics and alarms. `alarms` are those of a template, by name, with names and numbers in the
    place of references; a composite one has an `AlarmRule` in which those names stand.
    """

    alarms: Mapping[str, Mapping[str, Any]]
    figures: dict[Key, list[tuple[float, float]]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, str]] = field(default_factory=list)

    def put(
        self,
        namespace: str,
        name: str,
        value: float,
        at: datetime,
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        """One figure of a metric."""
        key = (namespace, name, frozenset((dimensions or {}).items()))
        self.figures.setdefault(key, []).append((at.timestamp(), value))

    def judge(self, now: datetime) -> None:
        """Judge every alarm at a moment. `messages` gets each change that has an action, as the
        alarm's name and its new state.
        """
        singles = {name: it for name, it in self.alarms.items() if "AlarmRule" not in it}
        for name, alarm in singles.items():
            self._change(name, alarm, self._judge_one(alarm, name, now))
        for name, alarm in self.alarms.items():
            if name not in singles:
                self._change(name, alarm, ALARM if self._holds(alarm["AlarmRule"]) else OK)

    def state(self, name: str) -> str:
        """The state of an alarm; a new one has no data."""
        return self.states.get(name, NO_DATA)

    def _change(self, name: str, alarm: Mapping[str, Any], new: str) -> None:
        actions = {ALARM: "AlarmActions", OK: "OKActions", NO_DATA: "InsufficientDataActions"}
        if new != self.state(name) and alarm.get(actions[new]):
            self.messages.append((name, new))
        self.states[name] = new

    def _holds(self, rule: str) -> bool:
        """Whether a rule of ``ALARM("…")``, AND, NOT and OR holds."""
        written = _ALARM_IS_ON.sub(lambda found: str(self._is_on(found[1])), rule)
        words = written.replace("AND", "and").replace("NOT", "not").replace("OR", "or")
        assert re.fullmatch(r"(?:True|False|and|or|not|[() ])+", words), rule
        return bool(eval(words, {"__builtins__": {}}))

    def _is_on(self, name: str) -> bool:
        assert name in self.alarms, f"a rule names {name}, which is no alarm"
        return self.state(name) == ALARM

    def _judge_one(self, alarm: Mapping[str, Any], name: str, now: datetime) -> str:
        points = self._read_periods(alarm, now)
        needed = alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"])
        missing = alarm.get("TreatMissingData", "missing")
        if missing == "ignore" and None in points:
            points = [each for each in points if each is not None]
            if len(points) < needed:
                return self.state(name)
        if missing == "missing" and all(each is None for each in points):
            return NO_DATA
        bad = {"breaching": True, "notBreaching": False}.get(missing, False)
        compare, threshold = _COMPARE[alarm["ComparisonOperator"]], float(alarm["Threshold"])
        breaching = sum(bad if each is None else compare(each, threshold) for each in points)
        return ALARM if breaching >= needed else OK

    def _read_periods(self, alarm: Mapping[str, Any], now: datetime) -> list[float | None]:
        """The statistic of each of the last periods that are over, the newest first."""
        dimensions = frozenset((one["Name"], one["Value"]) for one in alarm.get("Dimensions", ()))
        key = (alarm["Namespace"], alarm["MetricName"], dimensions)
        period, count = alarm["Period"], alarm["EvaluationPeriods"]
        end = now.timestamp() // 60 * 60
        points: list[float | None] = []
        for number in range(count):
            last = end - number * period
            values = [v for at, v in self.figures.get(key, ()) if last - period <= at < last]
            points.append(_STATISTICS[alarm["Statistic"]](values) if values else None)
        return points
