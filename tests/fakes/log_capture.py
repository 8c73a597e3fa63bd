"""What is logged, as Lambda would get it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib import logs


@contextmanager
def captured_logs() -> Iterator[io.StringIO]:
    """All that every logger writes meanwhile, in the format of the deployed functions."""
    root, written = logging.getLogger(), io.StringIO()
    before = root.level, list(root.handlers)
    root.handlers = [logging.StreamHandler(written)]
    logs.configure_logs()
    try:
        yield written
    finally:
        root.level, root.handlers = before
