"""What Asperion shows of an invoice, compared with what was delivered by API.

Of what was delivered only keyed hashes are kept, as ``<key id>.<hash>``: of the description, and of
the total under each VAT code together with the date. While the key turns, either of its values may
have made them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import date
from enum import Enum, StrEnum

from chalicelib.domain.code_totals import Codes
from chalicelib.domain.concepts import ShownInvoice, SoughtInvoice
from chalicelib.domain.fingerprint import keyed_print
from chalicelib.domain.money import ZERO
from chalicelib.domain.print_keys import key_id
from chalicelib.lazy_dataclass import dataclass


class Landing(StrEnum):
    """Where a delivered invoice is, by what Asperion shows of it."""

    LANDED = "landed"  # a concept, as it was delivered
    DEFINITIVE = "definitive"  # the same, and a concept no longer
    CHANGED = "changed"  # another date, or another amount under a VAT code
    GONE = "gone"
    UNCOMPARED = "uncompared"  # it is there; what was delivered is not known any more


class Sought(Enum):
    """Whether an invoice whose delivery got no answer is there; the values are those of
    `ports.Presence`.
    """

    SAME = "same"
    DIFFERENT = "different"  # twice, or otherwise than it was sent: for a person
    ABSENT = "absent"
    CANNOT_TELL = "cannot tell"  # what it is recognised by was hashed with a key that is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtAnswer:
    """What became of an invoice that was sought: the `invoice` that it is when it is the `SAME`."""

    sought: Sought
    invoice: ShownInvoice | None = None


def description_print(text: str, key: bytes) -> str:
    """Hash of a description as ``<key id>.<hash>``; blanks at its ends, and how many there are
    between words, make no difference.
    """
    return _add_key_id(["description", _write_plain(text)], key)


def amounts_print(codes: Codes, day: date, key: bytes) -> str:
    """Hash of the totals by VAT code and of the invoice date, as ``<key id>.<hash>``. A code under
    which everything is 0.00 makes no difference.
    """
    amounts = {
        code: [f"{total.excl + ZERO:.2f}", f"{total.vat + ZERO:.2f}"]
        for code, total in codes.items()
        if total.excl or total.vat
    }
    return _add_key_id(["amounts", day.isoformat(), amounts], key)


def compare(
    delivered_print: str | None, shown: ShownInvoice | None, keys: Iterable[bytes]
) -> Landing:
    """Compare what was delivered (`Entry.delivered_print`) with what Asperion shows under the id
    that it gave the invoice; None when it shows nothing. `keys` are the values that the shop's key
    has, two while it turns.
    """
    if shown is None:
        return Landing.GONE
    key = _find_key(delivered_print or "", keys)
    if key is None:
        return Landing.UNCOMPARED
    if amounts_print(shown.codes, shown.day, key) != delivered_print:
        return Landing.CHANGED
    is_definitive = shown.status is not None and shown.status.is_definitive
    return Landing.DEFINITIVE if is_definitive else Landing.LANDED


def find_sought(
    sought: SoughtInvoice,
    found: Iterable[ShownInvoice],
    keys: Iterable[bytes],
    *,
    known_ids: Collection[int] = (),
) -> SoughtAnswer:
    """Find an invoice whose delivery got no answer among those that Asperion lists: by its date and
    debtor, by its description, or by both lists together.

    It is recognised by its description, which names the order. One that is equal, with the same
    date and debtor and to the cent, is the same; without any it is absent. Two of them, or one with
    another date, debtor or amount, nobody but a person can judge. `known_ids` are Asperion's ids of
    other deliveries, such as an earlier one of the same document: those do not count.
    """
    at_hand = tuple(keys)
    key = _find_key(sought.description_print, at_hand)
    amounts_key = _find_key(sought.amounts_print, at_hand)
    if key is None or amounts_key is None:
        return SoughtAnswer(sought=Sought.CANNOT_TELL)
    by_id = {
        shown.id: shown
        for shown in found
        if shown.id not in known_ids
        and description_print(shown.description, key) == sought.description_print
    }
    if not by_id:
        return SoughtAnswer(sought=Sought.ABSENT)
    shown = next(iter(by_id.values()))
    if len(by_id) > 1 or not _is_same(sought, shown, amounts_key):
        return SoughtAnswer(sought=Sought.DIFFERENT)
    return SoughtAnswer(sought=Sought.SAME, invoice=shown)


def _is_same(sought: SoughtInvoice, shown: ShownInvoice, key: bytes) -> bool:
    is_of_debtor = shown.debtor_id in (None, sought.debtor_id)
    has_amounts = amounts_print(shown.codes, shown.day, key) == sought.amounts_print
    return is_of_debtor and shown.day == sought.day and has_amounts


def _add_key_id(canonical: object, key: bytes) -> str:
    return f"{key_id(key)}.{keyed_print(canonical, key)}"


def _find_key(stored: str, keys: Iterable[bytes]) -> bytes | None:
    """The key that made a print; None when it is none of these, or there is no print."""
    named, _, _ = stored.partition(".")
    return next((key for key in keys if key_id(key) == named), None)


def _write_plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
