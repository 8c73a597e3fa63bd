"""What the shop's list tells of booked orders that changed: which were only shipped or paid, and
which have to be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.domain.changes import ListVerdict, order_change, tell_from_list
from chalicelib.domain.events import OrderStep
from chalicelib.domain.last_seen import Look
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, document_key
from chalicelib.domain.orders import OrderDetails, OrderSummary
from chalicelib.domain.seen_orders import look_at
from chalicelib.domain.shop_records import RereadProgress
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.intake.paging import find_mark, pages
from chalicelib.usecases.intake.sweep import OVERLAP, overlap_of
from chalicelib.usecases.workspace import Workspace

REACHES_BACK = timedelta(days=14)
"""A shop that ships more than can be read is never caught up with; what is older is let go."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A booked order of which its list entry does not tell why it changed. `shown` is what that
    shows, None where its details are not those that were booked, or cannot be compared.
    """

    order_id: int
    changed_at: datetime
    shown: Look | None


@dataclass(slots=True)
class EditSearch:
    """A search at work, which goes on where the one before, as it is `loaded`, came `until`.
    `candidates` may have to be read, and `edited` are the numbers found. Every order that changed
    before `done_until` has been looked at, but for `left`: ids, and when each changed, of orders
    that cannot be looked at now.
    """

    workspace: Workspace
    stop_at: datetime
    started: datetime
    loaded: RereadProgress | None
    until: datetime
    done_until: datetime
    candidates: list[Candidate] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    left: dict[int, datetime] = field(default_factory=dict)
    failures: int = 0

    def has_time(self) -> bool:
        """Whether another order may be looked at."""
        return self.workspace.now() < self.stop_at

    def put_off(self, order_id: int, changed_at: datetime) -> None:
        """Leave an order to another night."""
        if changed_at < self.until:
            self.left[order_id] = changed_at
        else:
            self.done_until = min(self.done_until, changed_at)


def see_changed_orders(workspace: Workspace, *, stop_at: datetime) -> EditSearch:
    """See which booked orders changed, and of which the list tells all: their progress is noted.
    The others are the candidates of `flag_edits`. No order is looked at after `stop_at`.

    Raises `ShopError` with the progress where it was when there is no list to be had.
    """
    started = workspace.now()
    loaded = workspace.connector.shops.load(workspace.shop_id, RereadProgress)
    kept = loaded or RereadProgress(until=workspace.shop.installed_at)
    search = EditSearch(workspace, stop_at, started, loaded, kept.until, done_until=started)
    api, listed = workspace.api, set[int]()
    since = max(kept.until, started - REACHES_BACK) - overlap_of(workspace.shop)
    for page in pages(lambda after_id: api.details_updated_since(since, after_id=after_id)):
        listed.update(one.id for one in page)
        _see(search, {one.id: one.updated_at for one in page}, {one.id: one for one in page})
    _see(search, {id_: kept.left[id_] for id_ in kept.left if id_ not in listed}, {})
    search.done_until = min(search.done_until, find_mark(api, since=since, now=started))
    return search


def _see(
    search: EditSearch, changed: Mapping[int, datetime], listed: Mapping[int, OrderSummary]
) -> None:
    """See orders of which each is known when it changed, and of the `listed` ones what the list
    shows. One that is in a file under way is left for another night.
    """
    keys = {document_key(DocumentKind.ORDER, id_): id_ for id_ in changed}
    workspace = search.workspace
    found = workspace.connector.entries.get_all(workspace.shop_id, keys)
    for key, id_ in keys.items():
        entry, changed_at = found.get(key), changed[id_]
        if entry is None or not _changed_since_claimed(entry, changed_at):
            continue
        if entry.state is EntryState.CLAIMED:
            search.left[id_] = changed_at
        elif entry.state is EntryState.PLACED:
            _see_placed(search, entry, changed_at, listed.get(id_))


def _see_placed(
    search: EditSearch, entry: Entry, changed_at: datetime, listed: OrderSummary | None
) -> None:
    order_id, booked = entry.document_id, search.workspace.read_prints(entry)
    if booked is None or booked.look is None or not isinstance(listed, OrderDetails):
        search.candidates.append(Candidate(order_id, changed_at, None))
        return
    if order_change(listed, booked, search.workspace.shop.policy) is not None:
        return  # the sweep reports that, and while it stands nothing is said of other details
    shown = look_at(listed, booked.key)
    verdict = tell_from_list(shown, booked.look)
    if verdict is ListVerdict.MOVED_ON and not search.has_time():
        search.put_off(order_id, changed_at)
    elif verdict is ListVerdict.MOVED_ON:
        note_look(search, entry, shown, changed_at)
    elif verdict is ListVerdict.TOO_LITTLE:
        same = shown if shown.details == booked.look.details else None
        search.candidates.append(Candidate(order_id, changed_at, same))


def note_look(search: EditSearch, entry: Entry, shown: Look, changed_at: datetime) -> None:
    """Store how far an order was seen, unless somebody changed its prints meanwhile."""
    workspace = search.workspace
    booked, entries = workspace.read_prints(entry), workspace.connector.entries
    if booked is None or entry.fingerprint is None:
        return
    noted = str(replace(booked, look=shown))
    if not entries.note_prints(workspace.shop_id, entry.key, noted, read=entry.fingerprint):
        search.left[entry.document_id] = changed_at


def _changed_since_claimed(entry: Entry, changed_at: datetime) -> bool:
    """Whether an order may have changed since the file it is in took it up: for the first time, as
    one that arrives late takes its orders up again, and says what they were when it was made.
    """
    if entry.claimed_at is None:
        return False
    claims = (event for event in entry.history if event.step is OrderStep.CLAIM)
    taken_up = min((e.at for e in claims if e.file == entry.file), default=entry.claimed_at)
    return changed_at > taken_up - OVERLAP
