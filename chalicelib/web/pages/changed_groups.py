"""Groups of orders that changed after delivery: what their cards show, what their buttons do."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.group_resolving import ChangeCause, accept_group, correct_group
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.late_change_texts import CHANGES, OfferText, find_cure, find_offer

SHOWN_OF_A_GROUP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedGroup:
    """Documents with one late change and one way to deal with it. `text`, `cure` and `offer` are
    English sources.
    """

    cause: ChangeCause
    entries: tuple[Entry, ...]
    text: str
    cure: str
    offer: OfferText | None

    @property
    def first(self) -> tuple[Entry, ...]:
        """The documents that the card names."""
        return self.entries[:SHOWN_OF_A_GROUP]

    @property
    def more(self) -> int:
        """How many it does not name."""
        return len(self.entries) - len(self.first)


def group_changed(changed: Iterable[Entry]) -> list[ChangedGroup]:
    """Documents that changed, by what happened to them; the largest group first."""
    groups: dict[ChangeCause, list[Entry]] = {}
    for entry in changed:
        if entry.change is not None:
            cause = ChangeCause(kind=entry.kind, change=entry.change)
            groups.setdefault(cause, []).append(entry)
    shown = [_show_group(cause, entries) for cause, entries in groups.items()]
    return sorted(shown, key=lambda group: (-len(group.entries), group.cause.change))


def _show_group(cause: ChangeCause, entries: list[Entry]) -> ChangedGroup:
    return ChangedGroup(
        cause=cause,
        entries=tuple(entries),
        text=CHANGES[cause.change],
        cure=find_cure(entries[0]),
        offer=find_offer(entries[0]),
    )


def resolve_group(call: Call) -> Response:
    """``POST /changed``: with ``action`` ``accept`` the late changes of one cause (fields ``kind``
    and ``change``) are dealt with, with ``correct`` their corrections are asked for.
    """
    form = call.read_own_form()
    cause = _read_cause(form)
    match form.get("action"):
        case "accept":
            count = accept_group(call.workspace, cause, by=call.actor)
            return call.redirect_with_notice(call.build_url(), "accepted", count)
        case "correct":
            resolved = correct_group(call.workspace, cause, by=call.actor)
            notice = "corrected_in_part" if resolved.left else "corrected"
            count = resolved.corrections or resolved.left
            return call.redirect_with_notice(call.build_url(), notice, count)
        case _:
            raise RequestError("The form does not say what to do with the orders.")


def _read_cause(form: Form) -> ChangeCause:
    try:
        kind, change = DocumentKind(form.get("kind")), LateChange(form.get("change"))
    except ValueError:
        raise RequestError("The form does not say which orders are meant.") from None
    return ChangeCause(kind=kind, change=change)
