"""A profile, loaded and run: from invoices to the bytes of one file."""

from __future__ import annotations

import codecs
import hashlib
import re
import traceback
from collections.abc import Sequence
from dataclasses import field
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from msgspec import structs

from chalicelib.axml.declaration import Declaration, PaymentCode, Quotes
from chalicelib.axml.notation import Notation
from chalicelib.axml.text import fit_texts, write_text
from chalicelib.axml.toml_file import read_toml
from chalicelib.domain.invoices import Invoice
from chalicelib.errors import ProfileError, RenderedWrong
from chalicelib.lazy_dataclass import dataclass

TEMPLATE = "orders.xml"
_LAST_NAME = r"(?:element|attribute) ['\"]?(.*?)['\"]?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A loaded profile. `official` says that the format is Asperion's own word for it; `payments`
    are the methods a merchant may choose from. `mark` is another one whenever declaration or
    template are.
    """

    id: str
    mark: str
    official: bool
    payments: tuple[PaymentCode, ...]
    declaration: Declaration
    template: jinja2.Template = field(repr=False, compare=False)


def load_profile(directory: Path) -> Profile:
    """The profile in `directory` (``profile.toml`` and ``orders.xml``).

    Everything is checked here, once, before anything is sent. Raises `ProfileError`, naming file
    and line, for TOML that does not parse, a setting that is missing, unknown or out of range, and
    a template Jinja2 cannot compile. Callers keep the result: it costs some milliseconds.
    """
    path = directory / "profile.toml"
    declaration = read_toml(path, Declaration)
    template = _compile_template(directory, declaration, Notation(declaration, path))
    return Profile(
        id=declaration.profile.id,
        mark=_mark_files(path, directory / TEMPLATE),
        official=declaration.profile.official,
        payments=declaration.payments,
        declaration=declaration,
        template=template,
    )


def render(profile: Profile, invoices: Sequence[Invoice]) -> bytes:
    """The file for `invoices`, in the profile's encoding.

    The same invoices in any order give the same bytes. Raises `ProfileError` (file and line) when
    the template asks for what is not there, `RenderedWrong` when an invoice cannot be written
    under this profile or is there twice.
    """
    ordered = sort_invoices(invoices)
    try:
        body = _fill_in(profile, ordered)
    except RenderedWrong:
        for invoice in ordered:
            if wrong := find_unwritable(profile, invoice):
                message = f"order {invoice.order_number}: {wrong}"
                raise RenderedWrong(message, field=wrong.field) from None
        raise
    file = profile.declaration.file
    if file.declaration:
        body = f'<?xml version="1.0" encoding="{file.encoding}"?>{file.line_end}{body}'
    # What the encoding lacks becomes a numeric reference, the same character to any XML reader.
    content = body.encode(file.encoding, errors="xmlcharrefreplace")
    return codecs.BOM_UTF8 + content if file.bom else content


def find_unwritable(profile: Profile, invoice: Invoice) -> RenderedWrong | None:
    """Why this profile cannot write this invoice (a text too long to be cut, a country without a
    code), or None. Lets one such order be held instead of failing its whole file.
    """
    try:
        _fill_in(profile, [invoice])
    except RenderedWrong as error:
        return error
    return None


def sort_invoices(invoices: Sequence[Invoice]) -> list[Invoice]:
    """Invoices by day, order number and order, then the documents of one order by their number.

    Raises `RenderedWrong` when a document is there twice: nothing is ever booked double.
    """
    ordered = sorted(invoices, key=_place)
    for one, next_one in pairwise(ordered):
        if _place(one) == _place(next_one):
            raise RenderedWrong(f"order {one.order_number} is twice in one file")
    return ordered


def _mark_files(*paths: Path) -> str:
    contents = (hashlib.sha256(path.read_bytes()).digest() for path in paths)
    return hashlib.sha256(b"".join(contents)).hexdigest()[:16]


def _compile_template(
    directory: Path, declaration: Declaration, notation: Notation
) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(directory),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=partial(_write_value, declaration.text.typographic_quotes),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence=declaration.file.line_end,
        auto_reload=False,
    )
    environment.filters.update(notation.filters())
    try:
        return environment.get_template(TEMPLATE)
    except jinja2.TemplateSyntaxError as error:
        where = error.filename or str(directory / TEMPLATE)
        raise ProfileError(f"{where}, line {error.lineno}: {error.message}") from error
    except (jinja2.TemplateError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{directory / TEMPLATE}, line 1: the template cannot be read ({error})"
        ) from error


def _write_value(quotes: Quotes, value: Any) -> Any:
    """What is written for the value of an expression; None stands for "there is none"."""
    if isinstance(value, Markup | jinja2.Undefined) or type(value) is int:
        return value
    if isinstance(value, str):
        return write_text(value, quotes)
    if value is None:
        return ""
    raise TypeError(f"the value is a {type(value).__name__}: only a filter can write it")


def _place(invoice: Invoice) -> tuple[date, str, int, str, str]:
    numbers = (invoice.invoice_number or "", invoice.credits or "")
    return (invoice.day, invoice.order_number, invoice.order_id, *numbers)


def _fill_in(profile: Profile, invoices: Sequence[Invoice]) -> str:
    """The template filled in: it reads ``orders`` and the tables of ``profile.toml``. Raises
    `ProfileError` with the template's file and the line that went wrong, and `RenderedWrong` as a
    filter does.
    """
    orders = [fit_texts(profile.declaration, invoice) for invoice in invoices]
    try:
        return profile.template.render(orders=orders, **structs.asdict(profile.declaration))
    except (ProfileError, RenderedWrong):
        raise
    except Exception as error:
        # A template can raise anything; all of it means the same: this profile does not work.
        # The cause is left behind, for its text may quote data.
        raise ProfileError(_locate(profile.template, error)) from None


def _locate(template: jinja2.Template, error: Exception) -> str:
    """File, line and reason of an error in a running template."""
    folder = Path(template.filename or TEMPLATE).parent
    steps = traceback.extract_tb(error.__traceback__)
    place = next((one for one in reversed(steps) if Path(one.filename).parent == folder), None)
    if place is None:
        return f"{template.filename}: {type(error).__name__}"
    return f"{place.filename}, line {place.lineno}: {_give_reason(error, place.line or '')}"


def _give_reason(error: Exception, line: str) -> str:
    """The error's text where it is about types, or a name that stands in the template's line; a
    key computed from an order is data, and stays out of messages.
    """
    if isinstance(error, jinja2.UndefinedError):
        name = re.search(_LAST_NAME, str(error))
        if name and name[1] not in line:
            return "a value of this order is not in a table of the template"
        return str(error)
    return str(error) if isinstance(error, TypeError) else type(error).__name__
