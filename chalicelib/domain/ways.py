"""The two ways in which documents are delivered to Asperion."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How a delivery goes to Asperion. Stored: a value never changes."""

    FILE = "file"  # an import file in the inbox of a licence code; its documents share one fate
    API = "api"  # one concept invoice after another, by Asperion's REST API
