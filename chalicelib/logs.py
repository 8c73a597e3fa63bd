"""Structured logs: one JSON object a line, with shop, file and cause; never content or secrets."""

from __future__ import annotations

import logging
import traceback

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

SERVICE = "seoshop-asperion"
TALKATIVE = ("boto3", "botocore", "requests", "s3transfer", "urllib3")
"""Libraries whose warnings quote addresses, and with them licence codes: urllib3 does when an
answer's headers are malformed. What they raise is told by our own errors.
"""


def configure() -> None:
    """Give the root logger Powertools' JSON format, on Lambda's handler or an own one."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    formatter = LambdaPowertoolsFormatter(service=SERVICE, use_rfc3339=True, utc=True)
    for handler in root.handlers:
        handler.setFormatter(formatter)
    root.setLevel(logging.WARNING)
    logging.getLogger("chalicelib").setLevel(logging.INFO)
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def trail(error: BaseException | None) -> list[str]:
    """Where an error nobody foresaw happened, cause after cause: kinds and places alone, because
    its message may quote whatever was being worked on.
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
