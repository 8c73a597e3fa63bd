"""Documents on their way, a call of the port a step."""

from __future__ import annotations

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, Cause, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry, EntryState
from tests.tables.conftest import Ledger, stored, taken, waiting

W, C, P, H, D = EntryState
S = OrderStep
OTHER_FILE = "axml-orders-20260123-184520-002.xml"
MISSING_ORDER = "order-999"
ENDINGS: dict[EntryState, tuple[OrderStep, Cause | None]] = {
    P: (S.PLACE, None),
    H: (S.HOLD, HoldReason.EMAIL_MISSING),
    D: (S.DROP, DropCause.CANCELLED),
    W: (S.RELEASE, ReleaseCause.BUDGET),
}


def claim(ledger: Ledger, shop_id: int, key: str, minutes: float = 1) -> Entry | None:
    return ledger.entries.record(shop_id, taken(key, S.CLAIM, minutes))


def end(
    ledger: Ledger,
    shop_id: int,
    key: str,
    to: EntryState,
    minutes: float = 2,
    *,
    detail: str = "",
    fingerprint: str | None = None,
) -> Entry | None:
    """What its file makes of a claimed order."""
    step, cause = ENDINGS[to]
    ended = taken(key, step, minutes, cause=cause, detail=detail, fingerprint=fingerprint)
    return ledger.entries.record(shop_id, ended)


def ended(ledger: Ledger, shop_id: int, to: EntryState, document_id: int = 301) -> str:
    """The key of an order that went through a file."""
    entry = waiting(ledger, shop_id, document_id)
    assert claim(ledger, shop_id, entry.key)
    assert end(ledger, shop_id, entry.key, to, fingerprint="f" * 64 if to is P else None)
    return entry.key


def report(ledger: Ledger, shop_id: int, key: str, change: LateChange, minutes: float) -> bool:
    seen = taken(key, S.REPORT, minutes, by=Actor.SWEEP, cause=change, file=None)
    return ledger.entries.record(shop_id, seen) is not None


def accept(ledger: Ledger, shop_id: int, key: str, change: LateChange, minutes: float) -> bool:
    accepted = taken(key, S.ACCEPT, minutes, by=Actor.MERCHANT, cause=change, file=None)
    return ledger.entries.record(shop_id, accepted) is not None


def send_again(ledger: Ledger, shop_id: int, key: str, minutes: float, note: str = "") -> bool:
    cause, by = RequestCause.ON_PURPOSE, Actor.MERCHANT
    again = taken(key, S.SEND_AGAIN, minutes, by=by, cause=cause, file=None, note=note)
    return ledger.entries.record(shop_id, again) is not None


def retry(ledger: Ledger, shop_id: int, key: str, minutes: float = 4) -> Entry | None:
    cause, by = RequestCause.ASKED, Actor.MERCHANT
    again = taken(key, S.RETRY, minutes, by=by, cause=cause, file=None)
    return ledger.entries.record(shop_id, again)


def story(ledger: Ledger, shop_id: int, key: str) -> list[tuple[object, ...]]:
    events = stored(ledger, shop_id, key).history
    return [(e.step, e.by, e.cause, e.file, e.note) for e in events]
