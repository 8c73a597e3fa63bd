"""Structured logs: one JSON object a line, with shop, file and cause; never content or secrets.

JSON writes a line break or a terminal's command as an escape, so that nothing that is logged can
begin a line of its own.
"""

from __future__ import annotations

import copy
import logging
import os
import traceback

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from chalicelib.errors import ConnectorError

SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "seoshop-asperion")
"""The stack's name, which tells lines and figures of one stage from those of another."""
QUOTING_LIBRARIES = ("boto3", "botocore", "requests", "s3transfer", "urllib3")
"""Libraries whose warnings quote addresses, and with them licence codes: urllib3 does when a
response's headers are malformed. Our own errors report what they raise.
"""


class _Formatter(LambdaPowertoolsFormatter):
    """Of an exception that a line is logged with, says kinds and places in place of its text: that
    of a library may quote what another system answered.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        if record.exc_info:
            error = record.exc_info[1]
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
            record.trail = list_places(error)
        return super().format(record)


def configure_logs() -> None:
    """Give the root logger Powertools' JSON format, on Lambda's handler or an own one."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    formatter = _Formatter(service=SERVICE, use_rfc3339=True, utc=True)
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


def explain_error(error: Exception) -> dict[str, object]:
    """What a line of the log says of an error: the message of one of ours, and of any other the
    places alone.
    """
    if isinstance(error, ConnectorError):
        return {"error": type(error).__name__, "cause": str(error)}
    return {"error": type(error).__name__, "trail": list_places(error)}


def log_failure(log: logging.Logger, error: Exception, reference: str) -> None:
    """Log why a page failed, under the reference that its answer shows; see `explain_error`."""
    extra = {"reference": reference, "error": type(error).__name__}
    if isinstance(error, ConnectorError):
        log.warning("page failed: %s", error, extra=extra)
    else:
        log.error("page failed unexpectedly", extra={**extra, "trail": list_places(error)})
