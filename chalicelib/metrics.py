"""Figures for alarms and dashboards, in CloudWatch's embedded metric format."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from chalicelib.domain.ledger import FileState
from chalicelib.logs import SERVICE
from chalicelib.usecases.export import Report

NAMESPACE = "SeoshopAsperion"
ALARMING = frozenset({"FilesUnknown", "FilesRefused", "DaysOpen"})
"""Figures of which one is one too many: the stack has an alarm on each."""


def publish(report: Report) -> None:
    """Count what a run placed, held and could not settle. Printed; CloudWatch reads the log."""
    figures = {
        "OrdersPlaced": sum(each.orders for each in report.files if each.state is FileState.PLACED),
        "OrdersHeld": len(report.held),
        "FilesUnknown": sum(each.state is FileState.UNKNOWN for each in report.files),
        "FilesRefused": sum(each.state is FileState.VOID for each in report.files),
        "DaysOpen": int(report.day_is_wrong),
    }
    for name, value in figures.items():
        with single_metric(
            name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE
        ) as metric:
            metric.add_dimension("service", SERVICE)
