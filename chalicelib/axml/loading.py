"""Reading a profile from its folder. Everything is checked here, once, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib.axml import profile as axml
from chalicelib.axml.slots import LIMITED
from chalicelib.axml.template import compile_template
from chalicelib.axml.text import Quotes
from chalicelib.axml.toml_table import TomlTable
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.policy import VatClass

DECLARATION = "profile.toml"
_ENCODINGS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii")
_NEWLINES = {"LF": "\n", "CRLF": "\r\n"}
_REQUIRED_PATHS = frozenset({"orders", "number", "email", "lines"})
_MUST_STAY_WHOLE = frozenset({"order.number", "debtor.email"})
_A_DAY = date(2014, 11, 9)


def load_profile(directory: Path) -> axml.Profile:
    """The profile in `directory` (``profile.toml`` and ``orders.xml``).

    Raises `ProfileError`, naming file and line, for TOML that does not parse, a setting that is
    missing, unknown or out of range, and a template Jinja2 cannot compile. Callers keep the
    result: it costs some milliseconds.
    """
    root = TomlTable.read(directory / DECLARATION)
    texts = root.table("text")
    quotes = texts.choice("typographic_quotes", Quotes)
    settings: dict[str, Any] = {
        **_identity(root.table("profile")),
        **_file(root.table("file")),
        **_addresses(root.table("addresses")),
        "date_format": _date_format(root.table("dates")),
        "numbers": _numbers(root.table("numbers")),
        "vat": _vat(root.table("vat")),
        "price_basis": _choice(root.table("prices"), "basis", axml.PriceBasis),
        "payments": tuple(_payment(row) for row in root.tables("payments")),
        "countries": _choice(root.table("countries"), "notation", axml.CountryNotation),
        "lengths": _lengths(root.table("lengths")),
        "quotes": quotes,
        "write_empty": texts.flag("write_empty"),
    }
    settings["check"] = _check(root.table("check"), settings["price_basis"])
    texts.finish()
    root.finish()
    template = compile_template(directory, quotes=quotes, newline=settings["newline"])
    return axml.Profile(**settings, directory=directory, template=template)


def _identity(table: TomlTable) -> dict[str, Any]:
    identity = {key: table.text(key) for key in ("id", "version", "source")}
    official = table.flag("official")
    table.finish()
    return {**identity, "official": official}


def _file(table: TomlTable) -> dict[str, Any]:
    encoding = table.text("encoding").lower()
    if encoding not in _ENCODINGS:
        raise table.wrong("encoding", f"must be one of {', '.join(_ENCODINGS)}")
    newline = table.text("newline")
    if newline not in _NEWLINES:
        raise table.wrong("newline", "must be LF or CRLF")
    declaration, bom = table.flag("declaration"), table.flag("bom")
    if bom and encoding != "utf-8":
        raise table.wrong("bom", "is only possible with utf-8")
    if not declaration and encoding not in {"utf-8", "us-ascii"}:
        raise table.wrong("declaration", f"must be true: a reader cannot guess {encoding}")
    table.finish()
    return {
        "encoding": encoding,
        "declaration": declaration,
        "bom": bom,
        "newline": _NEWLINES[newline],
    }


def _addresses(table: TomlTable) -> dict[str, Any]:
    house_number = table.choice("house_number", axml.HouseNumber)
    roles = table.table("roles")
    words = {role: roles.text(role) for role in ("invoice", "delivery")}
    roles.finish()
    table.finish()
    return {"house_number": house_number, "roles": MappingProxyType(words)}


def _date_format(table: TomlTable) -> str:
    """A `strftime` format, proven to say day, month and year."""
    pattern = table.text("format")
    if not _tells_a_day(pattern):
        raise table.wrong("format", "must write day, month and year so that they can be read back")
    table.finish()
    return pattern


def _tells_a_day(pattern: str) -> bool:
    if not re.search("%[Yy]", pattern):
        return False
    try:
        read = datetime.strptime(_A_DAY.strftime(pattern), pattern)  # noqa: DTZ007 - a day, no time
    except ValueError:
        return False
    return read.date() == _A_DAY


def _numbers(table: TomlTable) -> axml.Numbers:
    separator = table.text("decimal_separator")
    if separator not in {".", ","}:
        raise table.wrong("decimal_separator", 'must be "." or ","')
    money = table.number("money_decimals", least=2)
    unit_price = table.number("unit_price_decimals", least=2)
    table.finish()
    return axml.Numbers(
        decimal_separator=separator, money_decimals=money, unit_price_decimals=unit_price
    )


def _vat(table: TomlTable) -> axml.VatRules:
    classes, kinds = table.table("classes"), table.table("kinds")
    rules = axml.VatRules(
        notation=table.choice("notation", axml.VatNotation),
        percentage_decimals=table.number("percentage_decimals", least=0),
        classes=MappingProxyType({member: classes.text(member) for member in VatClass}),
        kinds=MappingProxyType({member: kinds.text(member) for member in VatKind}),
        codes=tuple(_vat_code(row) for row in table.tables("codes")),
    )
    for each in (classes, kinds, table):
        each.finish()
    return rules


def _vat_code(row: TomlTable) -> axml.VatCode:
    code = axml.VatCode(
        code=row.text("code"),
        vat_class=row.choice("class", VatClass),
        kind=row.choice("kind", VatKind) if "kind" in row.keys() else None,  # noqa: SIM118
        since=row.day("from"),
        until=row.day("until"),
    )
    row.finish()
    return code


def _payment(row: TomlTable) -> axml.PaymentCode:
    payment = axml.PaymentCode(
        code=row.text("code"), label=row.text("label"), guess=row.flag("guess")
    )
    row.finish()
    return payment


def _choice(table: TomlTable, key: str, choices: Any) -> Any:
    chosen = table.choice(key, choices)
    table.finish()
    return chosen


def _lengths(table: TomlTable) -> Mapping[str, axml.Limit]:
    lengths = {}
    for slot in table.keys():  # noqa: SIM118 - a method of our own, not a dict
        if slot not in LIMITED:
            raise table.wrong(slot, f"is not one of {', '.join(sorted(LIMITED))}")
        limit = _limit(table.table(slot))
        if limit.overflow is axml.Overflow.CUT and slot in _MUST_STAY_WHOLE:
            raise table.wrong(slot, "may not be cut: it tells one order or customer from another")
        lengths[slot] = limit
    return MappingProxyType(lengths)


def _limit(table: TomlTable) -> axml.Limit:
    limit = axml.Limit(
        longest=table.number("max", least=1), overflow=table.choice("overflow", axml.Overflow)
    )
    table.finish()
    return limit


def _check(table: TomlTable, basis: axml.PriceBasis) -> axml.CheckPaths:
    """The paths, without those of amounts the price basis keeps out of the file."""
    paths = {}
    for each in fields(axml.CheckPaths):
        default = None if each.name in _REQUIRED_PATHS else ""
        paths[each.name] = table.text(each.name, default=default)
        if not re.fullmatch(r"[^@]*(@[^@]+)?", paths[each.name]):
            raise table.wrong(each.name, "must be a path with at most one @attribute, at its end")
    unwritten = {axml.PriceBasis.EXCL: "_incl", axml.PriceBasis.INCL: "_excl"}.get(basis, "?")
    paths = {name: "" if name.endswith(unwritten) else path for name, path in paths.items()}
    if not paths["line_excl"] and not paths["line_incl"]:
        raise table.wrong("line_incl", "is missing: without line_excl or line_incl nothing adds up")
    table.finish()
    return axml.CheckPaths(**paths)
