"""What the morning's report counts; how it is published is in `chalicelib.figures`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.figures import publish

if TYPE_CHECKING:  # the export counts nothing of it, and takes the names alone
    from chalicelib.usecases.operating.health_report import HealthReport

MADE, NEGLECTED = "ReportsMade", "ShopsNeglected"
"""The figures on which the stack has an alarm."""


def count_report(report: HealthReport) -> None:
    """Count the shops that need somebody, and those that have waited for the operator too long."""
    publish({"ShopsIll": report.count_ill, NEGLECTED: report.neglected})


def count_sent_report() -> None:
    """Count a report that was told; a day without one is an alarm."""
    publish({MADE: 1})
