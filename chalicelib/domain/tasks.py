"""What a message of the export queue asks for."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """What a message of the queue asks for."""

    EXPORT = "export"
    WATCH = "watch"
    RETRY = "retry"  # an export, once more after one that failed, and not before its time
    WISH = "wish"  # an export that somebody wished for while another run was at work
