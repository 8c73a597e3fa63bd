"""Whether an account has room for what a stack runs side by side.

Exports and watches take `EXPORT_CONCURRENCY` functions at once for hours. Pages and webhooks need
theirs at the same time: webhooks have what is kept for them (`WEBHOOK_CONCURRENCY`), the others
take what is left of the account's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

EXPORTS, WEBHOOKS = "ExportConcurrency", "WebhookConcurrency"
EXPORTS_AT_ONCE = 20
LEAST_EXPORTS = 2
"""AWS lets a queue have no fewer functions."""
FOR_PAGES = 5
"""Functions that are left for pages, webhooks without any of their own, and what an operator
starts.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many exports run side by side. `parameters` has the template's when nobody said, and the
    account has no room for as many as usual; `lacking` says what to do when there is no room for
    what was said.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def find_share(values: Mapping[str, str], present: Mapping[str, str], webhooks: str) -> Share:
    """The exports' share of the account, beside the `webhooks` that are kept. `values` are the
    template's parameters as given, `present` those of a stack that stands.
    """
    room = _count_room(int(present.get(WEBHOOKS) or 0), int(webhooks or 0))
    said = values.get(EXPORTS) or present.get(EXPORTS)
    wanted = int(said or EXPORTS_AT_ONCE)
    if wanted <= room:
        return Share()
    if said or room < LEAST_EXPORTS:
        return Share(lacking=(_say_what_to_do(wanted, room),))
    print(f"This account has room for {room} exports side by side, not for {wanted}.")
    return Share(parameters={EXPORTS: str(room)})


def _count_room(kept_now: int, webhooks: int) -> int:
    """How many exports fit beside the webhooks' share, other functions' shares, and pages."""
    limits: Any = boto3.client("lambda").get_account_settings()["AccountLimit"]
    free = int(limits["UnreservedConcurrentExecutions"]) + kept_now
    return free - webhooks - FOR_PAGES


def _say_what_to_do(wanted: int, room: int) -> str:
    fewer = f"deploy with EXPORT_CONCURRENCY={room}, or " if room >= LEAST_EXPORTS else ""
    return (
        f"{fewer}ask AWS for more functions at once (quota L-B99A9384):"
        f" this account has room for {max(room, 0)} exports side by side, not for {wanted}"
    )
