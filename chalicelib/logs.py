"""Structured logs: one JSON object a line, with shop, file and cause; never content or secrets."""

from __future__ import annotations

import logging

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

SERVICE = "seoshop-asperion"


def configure(level: int = logging.INFO) -> None:
    """Give the root logger Powertools' JSON format, on Lambda's handler or an own one."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    formatter = LambdaPowertoolsFormatter(service=SERVICE, use_rfc3339=True, utc=True)
    for handler in root.handlers:
        handler.setFormatter(formatter)
    root.setLevel(logging.WARNING)
    logging.getLogger("chalicelib").setLevel(level)
