"""Figures for alarms and dashboards, in CloudWatch's embedded metric format."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.logs import SERVICE
from chalicelib.ports import Task
from chalicelib.usecases.exporting.export import Report
from chalicelib.usecases.lifecycle.watch import Watched

NAMESPACE = "SeoshopAsperion"
ALARMING = frozenset({"ExportsFailed", "FilesUnknown", "FilesRefused", "DaysOpen"})
"""Figures of which one is one too many: the stack has an alarm on each."""


def exported(report: Report) -> None:
    """Count what a run placed, held and could not settle."""
    states = [(each.state, each.orders) for each in report.files]
    _publish(
        {
            "OrdersPlaced": sum(orders for state, orders in states if state is FileState.PLACED),
            "OrdersHeld": len(report.held),
            "FilesUnknown": sum(state is FileState.UNKNOWN for state, _ in states),
            "FilesRefused": int(report.trouble is TroubleCause.INBOX_REFUSED),
            "DaysOpen": int(report.day_is_wrong),
        }
    )


def watched(seen: Watched) -> None:
    """Count what a watch found."""
    _publish(
        {
            "ShopsWatched": 1,
            "SubscriptionsMended": len(seen.healed) + seen.removed,
            "ShopsQuiet": int(seen.quiet_days is not None),
        }
    )


def failed(task: Task | None) -> None:
    """Count a message that could not be carried out; None is one that could not be read.

    A watch is tried again twice, and the next night: it alarms only by way of the dead letters. An
    export that fails may keep a night's orders from the bookkeeper.
    """
    _publish({"WatchesFailed" if task is Task.WATCH else "ExportsFailed": 1})


def _publish(figures: Mapping[str, int]) -> None:
    """Printed; CloudWatch reads the log."""
    for name, value in figures.items():
        with single_metric(
            name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE
        ) as metric:
            metric.add_dimension("service", SERVICE)
