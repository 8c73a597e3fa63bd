"""What Asperion says of the orders of a try-out, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.money import ZERO
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.trying_in_asperion import AskedDocument, AskedResult
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.held_details import write_detail
from chalicelib.web.texts.asperion_hold_texts import REFUSALS
from chalicelib.web.texts.biography_texts import DROP_CAUSES
from chalicelib.web.texts.connect_texts import ABOUT, NOT_ASKED, NOTHING_TO_BOOK, RESULTS
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.state_labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPart:
    """What would be booked under one VAT code."""

    code: str
    excl: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A document of the try-out: what would be booked of it, or why it would not, in sentences.
    `address` is that of its page here.
    """

    number: str
    address: str
    label: Label
    parts: tuple[BookedPart, ...] = ()
    why: tuple[str, ...] = ()


def show_asked(
    call: Call, documents: Sequence[AskedDocument], choices: ApiChoices | None
) -> list[AskedRow]:
    """A row for each document that was tried under these choices."""
    return [_show(call, each, choices) for each in documents]


def _show(call: Call, asked: AskedDocument, choices: ApiChoices | None) -> AskedRow:
    tried, verdict = asked.tried, asked.tried.verdict
    number = tried.hint.number
    is_known = tried.entry is not None
    is_booked = asked.result is AskedResult.FINE and isinstance(verdict, Invoice) and choices
    return AskedRow(
        number=number,
        address=call.build_url("orders", number, *([] if is_known else ["invoice"])),
        label=RESULTS[asked.result],
        parts=_list_parts(verdict, choices) if is_booked else (),
        why=tuple(_explain(call, asked)),
    )


def _list_parts(verdict: object, choices: ApiChoices | None) -> tuple[BookedPart, ...]:
    """What an invoice adds up to under each VAT code."""
    if not isinstance(verdict, Invoice) or choices is None:
        return ()
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for each in verdict.totals:
        code = choices.find_code(each.treatment) or ""
        excl, vat = sums.get(code, (ZERO, ZERO))
        sums[code] = (excl + each.excl, vat + each.vat)
    return tuple(BookedPart(code=code, excl=excl, vat=vat) for code, (excl, vat) in sums.items())


def _explain(call: Call, asked: AskedDocument) -> list[str]:
    say = call.templates.say
    match asked.result:
        case AskedResult.REFUSED:
            codes = asked.fields or (RefusedField.OTHER.value,)
            return [say(REFUSALS[_read_field(code)]) for code in dict.fromkeys(codes)]
        case AskedResult.HELD if asked.hold is not None:
            hold = asked.hold
            about = write_detail(call.templates, hold.reason, hold.detail, {})
            what = say(find_hold_text(hold.reason).what)
            return [what, say(ABOUT, what=about)] if about else [what]
        case AskedResult.NOTHING:
            verdict = asked.tried.verdict
            causes = [verdict.cause] if isinstance(verdict, NotDue) else []
            return [say(NOTHING_TO_BOOK, why=say(DROP_CAUSES[each])) for each in causes]
        case AskedResult.NOT_ASKED:
            return [say(NOT_ASKED)]
        case _:
            return []


def _read_field(code: str) -> RefusedField:
    try:
        return RefusedField(code)
    except ValueError:
        return RefusedField.OTHER
