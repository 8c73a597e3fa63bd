"""The bounds on all that is kept, in one place: how long a text may be, of which characters, and
how many of a kind there may be.

They are checked where something comes in: a person gets a refusal that says so, a document of the
platform's is held, and what is only shown is cut. What an earlier version stored beyond them is
still read. The table of all of them is in docs/security.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.errors import RequestError

if TYPE_CHECKING:  # which is bounded itself
    from chalicelib.domain.policy import Policy

LARGEST_ID = 10**15 - 1
"""Of shops, and of the documents that a webhook names; SEOshop's have nine digits."""

LONGEST_NUMBER = 50
"""Of an order's, an invoice's and a credit note's number; SEOshop's have some ten characters."""

LONGEST_KEY = 120
"""Of a payment method's key, and of an article's code."""

LONGEST_TITLE = 120
"""Of a shop's and of a payment method's name."""

LONGEST_REASON = 200
"""Of what a person gives as a reason."""

LONGEST_DETAIL = 150
"""Of a hold's detail."""

LONGEST_NOTE = 300
"""Of what a biography says beside step and cause."""

LONGEST_RUN = 200
"""Of a run's name."""

LONGEST_PART = 200
"""Of a part of a page's address, and of what is searched for; DynamoDB takes no key above 1,024
bytes."""

LONGEST_QUERY = 2_000
"""Of a value in a page's address, and of its name."""

LONGEST_COOKIE = 4_096
"""Of a cookie, as browsers hold it."""

MOST_PAYMENTS = 200
MOST_ARTICLES = 500
MOST_RATES = 100
MOST_CURRENCIES = 20
LARGEST_LIST = 13_000
"""Bytes that a list of articles, or the choices of payment methods, may have as they are stored;
three lists and those choices are within 64 KB."""

MOST_CHOICE_CHANGES = 50
LARGEST_HISTORY = 50_000
"""Changes of a merchant's choices that are kept, and their bytes together."""

MOST_ASKED = 500
"""Documents that an operator may ask for in one call, and that may be asked for with a reason
within the hours in which a repetition is recognised."""

MOST_EXCEPTED = 10_000
LARGEST_EXCEPTED = 200_000
"""Orders that a migration leaves out, and the bytes of their numbers: a record holds 400 KB."""

MOST_EVENTS = 200
"""Of a biography; a longer one is shortened. An event has some hundred bytes, a record 400 KB."""

MOST_UNFILED = 1_000
"""Of a day's documents that its statement names since none of the day's files does: 27 KB."""

MOST_DROPS = 1_000
"""Of documents dropped since yesterday, with their days: 41 KB."""

MOST_MONTH_FILES = 20_000
"""Of files with documents dated in one month: 90 KB of their numbers."""

MOST_NUMBERS_NOTED = 500  # VAT numbers, and documents that wait because of one, named in a record
MOST_NEW_METHODS = 40
MOST_ADDRESSES_REPORTED = 800
MOST_ADDRESSES_SHOWN = 80

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
"""Between which a person's dates lie."""

_SEEN_IN_ADDRESSES = r"[\x20-\x7e]*"


def is_line(text: str, longest: int) -> bool:
    """Whether a text is one line of at least one and at most `longest` visible characters: no
    control characters, no invisible ones, no halves of a character.
    """
    return 0 < len(text) <= longest and text.isprintable()


def is_number(text: str) -> bool:
    """Whether a text can be a document's number."""
    return is_line(text, LONGEST_NUMBER) and text == text.strip()


def is_key(text: str) -> bool:
    """Whether a text can be a payment method's key or an article's code."""
    return is_line(text, LONGEST_KEY)


def is_id(value: object) -> bool:
    """Whether a value can be a shop's or a document's id."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_day(day: date) -> bool:
    """Whether a day is one that a person can mean."""
    return FIRST_DAY <= day <= LAST_DAY


def is_ascii_line(text: str, longest: int) -> bool:
    """Whether a text has plain ASCII characters only, and no more than `longest`."""
    return len(text) <= longest and re.fullmatch(_SEEN_IN_ADDRESSES, text) is not None


def cut(text: str, longest: int) -> str:
    """A text that is only shown, as one line of at most `longest` characters; one that was cut ends
    in ``…``.
    """
    line = text.strip()
    if not line.isprintable():
        line = "".join(sign if sign.isprintable() else " " for sign in line).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def weigh(found: Collection[str] | Mapping[str, str]) -> int:
    """The bytes of texts as they are stored, in JSON."""
    kept = dict(found) if isinstance(found, Mapping) else sorted(found)
    return len(json.dumps(kept))


def check_policy(policy: Policy) -> None:
    """Raises `RequestError` when a merchant's choices are more than may be kept."""
    lists: Sequence[frozenset[str]] = (
        policy.service_articles,
        policy.gift_card_articles,
        policy.outside_vat_articles,
    )
    methods = {*policy.payments, *policy.seen_payments}
    is_too_much = (
        any(not fits_articles(codes) for codes in lists)
        or not fits_methods(policy.payments, policy.seen_payments)
        or not all(map(is_key, methods))
        or len(policy.foreign_rates) > MOST_RATES
        or len(policy.accepted_currencies) > MOST_CURRENCIES
    )
    if is_too_much:
        raise RequestError("These choices are more, or longer, than can be kept.")


def fits_articles(codes: Collection[str]) -> bool:
    """Whether a list of article codes may be kept."""
    return len(codes) <= MOST_ARTICLES and all(map(is_key, codes)) and weigh(codes) <= LARGEST_LIST


def fits_methods(payments: Mapping[str, str], seen: Collection[str]) -> bool:
    """Whether the choices of payment methods, and those left at the default, may be kept."""
    count = len({*payments, *seen})
    return count <= MOST_PAYMENTS and weigh(payments) + weigh(seen) <= LARGEST_LIST
