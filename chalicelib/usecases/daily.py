"""The daily run: one message for every shop that exports, and no shop stops another."""

from __future__ import annotations

from chalicelib.usecases.connector import Connector


def send_out(connector: Connector, *, run: str) -> int:
    """Queue every exporting shop once. Returns how many. Shops are found by a sparse index."""
    return connector.queue.send_many(connector.shops.exporting(), run=run)
