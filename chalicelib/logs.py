"""Structured logs: one JSON object a line, with shop, file and cause; never content or secrets."""

from __future__ import annotations

import logging
import traceback

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

SERVICE = "seoshop-asperion"
QUOTING_LIBRARIES = ("boto3", "botocore", "requests", "s3transfer", "urllib3")
"""Libraries whose warnings quote addresses, and with them licence codes: urllib3 does when a
response's headers are malformed. Our own errors report what they raise.
"""


def configure_logs() -> None:
    """Give the root logger Powertools' JSON format, on Lambda's handler or an own one."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    formatter = LambdaPowertoolsFormatter(service=SERVICE, use_rfc3339=True, utc=True)
    for handler in root.handlers:
        handler.setFormatter(formatter)
    root.setLevel(logging.WARNING)
    logging.getLogger("chalicelib").setLevel(logging.INFO)
    for library in QUOTING_LIBRARIES:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def list_places(error: BaseException | None) -> list[str]:
    """Where an unforeseen error happened, cause after cause: types and places alone, because its
    message may quote content.
    """
    found: list[str] = []
    while error is not None:
        found.append(type(error).__name__)
        found += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or error.__context__
    return found
