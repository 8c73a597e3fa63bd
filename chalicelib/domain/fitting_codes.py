"""Which of an administration's VAT codes fit a VAT treatment.

What fits is computed from what the API shows of a code: percentage, country, first and last day,
and whether it is for sales. It shows no kind, so that the codes of 0 % (at home, within the EU,
export, reverse-charged) look alike: there, and wherever several fit, the words of the descriptions
break the tie. What they choose is only ever a guess, which the merchant has to look at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum

from chalicelib.domain.administrations import VatCode
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.domain.vat import NO_RATE, find_issuing_country, find_last_day
from chalicelib.lazy_dataclass import dataclass


class Sureness(StrEnum):
    """How a proposed value was found."""

    CONFIRMED = "confirmed"  # the merchant chose it before, and it is there still
    CERTAIN = "certain"  # the only one that fits by what the API shows
    GUESSED = "guessed"  # by a default or by words: to be looked at
    NOTHING = "nothing"  # none fits, or several do equally: to be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChoice:
    """The VAT code that is proposed for a treatment (its id; empty for none), and the ids of all
    that fit it.
    """

    code: str = ""
    sureness: Sureness = Sureness.NOTHING
    fitting: tuple[str, ...] = ()


_PHRASES: tuple[tuple[VatKind, tuple[str, ...]], ...] = (
    (VatKind.REVERSE_CHARGE, ("verlegd", "verlegde", "verlegging", "reverse charge")),
    (
        VatKind.SMALL_BUSINESS,
        ("kor", "kleineondernemersregeling", "kleine ondernemersregeling", "small business"),
    ),
    (VatKind.OSS, ("oss", "one stop shop", "unieregeling", "afstandsverkopen")),
    (VatKind.EXPORT, ("export", "uitvoer", "buiten de eu", "buiten eu", "outside the eu")),
    (
        VatKind.INTRA_COMMUNITY,
        (
            *("intracommunautaire", "intracommunautair", "icp", "icl", "intra community"),
            *("binnen de eu", "binnen eu", "within the eu"),
        ),
    ),
)
"""Words in Dutch and English that tell a kind; the first that is found counts, since a service
within the EU is reverse-charged.
"""
_INCLUDING = ("incl", "inclusief", "including")
_BETWEEN = r"[^a-z0-9]+"


def choose_code(taxed: TaxedAs, codes: Sequence[VatCode], *, day: date, home: str) -> CodeChoice:
    """Choose the VAT code of a treatment for invoices of a day; `home` is the shop's country. Of a
    rate of before it is the code of the last day that the rate counted: that of older orders.
    """
    last_day = find_day(taxed, day)
    usable = [each for each in codes if _is_usable(each, taxed, last_day)]
    fitting = [each for each in usable if is_of_country(each, taxed, home)]
    if taxed.kind is VatKind.OSS and not fitting:
        return _guess(_list_oss_without_country(usable), usable)
    if taxed.rate == NO_RATE and taxed.kind is not VatKind.OSS:
        return _guess(_tell_apart(fitting, taxed.kind), fitting)
    if len(fitting) == 1:
        [only] = fitting
        return CodeChoice(code=only.id, sureness=Sureness.CERTAIN, fitting=(only.id,))
    return _guess(_narrow_down(fitting, taxed.kind), fitting)


def find_day(taxed: TaxedAs, day: date) -> date:
    """The last day, up to `day`, of which invoices can have a treatment."""
    is_dutch = taxed.kind is VatKind.DOMESTIC and taxed.country == NETHERLANDS
    return find_last_day(taxed.rate, day) if is_dutch else day


def has_words(text: str, phrases: Sequence[str]) -> bool:
    """Whether one of the phrases (small letters) stands in a text as whole words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = f" {re.sub(_BETWEEN, ' ', plain).strip()} "
    return any(f" {phrase} " in words for phrase in phrases)


def _is_usable(code: VatCode, taxed: TaxedAs, day: date) -> bool:
    return code.is_for_sales and code.rate == taxed.rate and code.counts_on(day)


def read_country(code: VatCode) -> str:
    """The country of a VAT code (alpha-2), Greece as ``GR``; empty where Asperion names none."""
    return find_issuing_country(code.country.strip().upper())


def is_of_country(code: VatCode, taxed: TaxedAs, home: str) -> bool:
    """Whether a code is of a treatment's country. One without a country may be of the shop's own,
    and of no other.
    """
    country = read_country(code)
    return country == taxed.country or (not country and taxed.country == home)


def _list_oss_without_country(usable: Sequence[VatCode]) -> list[VatCode]:
    """Codes of the one-stop shop that do not say whose VAT it is."""
    return [each for each in usable if not read_country(each) and tell_kind(each) is VatKind.OSS]


def tell_kind(code: VatCode) -> VatKind | None:
    """The kind that the words of a code's description tell; None for none, as of plain VAT."""
    found = (kind for kind, phrases in _PHRASES if has_words(code.description, phrases))
    return next(found, None)


def _tell_apart(fitting: Sequence[VatCode], kind: VatKind) -> list[VatCode]:
    """Of codes of 0 %: those whose words tell the kind, else those whose words tell none."""
    found = [each for each in fitting if tell_kind(each) is kind]
    return found or _exclusive([each for each in fitting if tell_kind(each) is None])


def _narrow_down(fitting: Sequence[VatCode], kind: VatKind) -> list[VatCode]:
    """Of several codes of one rate: those whose words tell no other kind and no amount including
    VAT; of these, Asperion's own default.
    """
    of_kind = _keep(fitting, lambda each: tell_kind(each) in (None, kind))
    plain = _exclusive(of_kind)
    return _keep(plain, lambda each: each.is_default)


def _exclusive(codes: Sequence[VatCode]) -> list[VatCode]:
    return _keep(codes, lambda each: not has_words(each.description, _INCLUDING))


def _keep(codes: Sequence[VatCode], is_kept: Callable[[VatCode], bool]) -> list[VatCode]:
    """Those that are kept; all of them when none would be."""
    return [each for each in codes if is_kept(each)] or list(codes)


def _guess(left: Sequence[VatCode], fitting: Sequence[VatCode]) -> CodeChoice:
    ids = tuple(each.id for each in fitting)
    if len(left) != 1:
        return CodeChoice(fitting=ids)
    return CodeChoice(code=left[0].id, sureness=Sureness.GUESSED, fitting=ids)
