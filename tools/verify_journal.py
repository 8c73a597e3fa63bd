"""Holds a downloaded journal against itself: whether a day in it was changed, left out, moved or
added. One file that needs Python 3.9 or newer, nothing else, and no network:

    python verify_journal.py journal.jsonl
    python verify_journal.py part-1.jsonl part-2.jsonl --noted 5f2c...

It is written from docs/journal.md alone, and shares nothing with the connector. With --noted it
says as well whether a hash that was noted earlier is in the journal, which proves that nothing up
to it was rewritten. It answers in Dutch, with --english in English. The exit code is 0 for a
journal that is intact (and has the noted hash), 1 for one that is not, 2 when it cannot be read.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

FORM = 1
HASH = re.compile(r"[0-9a-f]{64}")
HASHED = (
    *("form", "shop", "number", "kind", "corrects", "day", "follows", "previous", "statement"),
    "totals_hash",
)
"""What the hash of a line is made of."""

FAULTS = {
    "unreadable": (
        "Dit is geen regel van een journaal: het bestand is beschadigd of bewerkt.",
        "This is no line of a journal: the file was damaged or edited.",
    ),
    "form": (
        "Dit programma kent deze vorm van het journaal niet. Haal een nieuwer programma.",
        "This program does not know this form of the journal. Get a newer program.",
    ),
    "shop": ("Deze regel is van een andere webwinkel.", "This line is of another webshop."),
    "changed": (
        "De inhoud van deze regel is gewijzigd: het controlegetal past er niet bij.",
        "What this line says was changed: its hash does not fit.",
    ),
    "totals": ("De bedragen zijn gewijzigd.", "The amounts were changed."),
    "number": (
        "Hier ontbreekt een regel, of de regels staan in een andere volgorde.",
        "A line is missing here, or the lines are in another order.",
    ),
    "link": (
        "Deze regel sluit niet aan op de regel ervoor: een van beide is vervangen.",
        "This line does not follow the line before: one of the two was replaced.",
    ),
    "order": (
        "De dag van deze regel past niet op deze plaats.",
        "The day of this line does not belong at this place.",
    ),
}
"""What may be wrong with a line, in Dutch and in English."""

TEXTS = {
    "span": (
        "Webwinkel {shop}: {count} regels passen, van {first} tot en met {last}.",
        "Webshop {shop}: {count} lines fit, from {first} to {last}.",
    ),
    "begins": (
        "Het bestand begint bij regel {number}; wat ervoor kwam, staat er niet in.",
        "The file begins with line {number}; what came before is not in it.",
    ),
    "erased": (
        "De bedragen van {count} regels zijn gewist; al het andere is gecontroleerd.",
        "The amounts of {count} lines were erased; all else was checked.",
    ),
    "fault": ("NIET INTACT, regel {line} {day}:", "NOT INTACT, line {line} {day}:"),
    "intact": ("INTACT. Het laatste controlegetal: {hash}", "INTACT. The last hash: {hash}"),
    "noted": (
        "Het genoteerde controlegetal is van regel {number}, {day}: tot daar is niets herschreven.",
        "The noted hash is that of line {number}, {day}: nothing up to there was rewritten.",
    ),
    "not noted": (
        "Het genoteerde controlegetal staat NIET in dit bestand: er is iets herschreven of weg.",
        "The noted hash is NOT in this file: something was rewritten or is gone.",
    ),
}


class Fault(Exception):
    """A line that does not fit, by a key of `FAULTS`, and its day where it has one."""

    def __init__(self, kind: str, day: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.day = day


class Report(NamedTuple):
    """The lines that fit, of how many of these the amounts were erased, and what is wrong with the
    line after them (a key of `FAULTS`; empty when nothing is), its number in the file and its day.
    """

    lines: list[dict[str, Any]]
    erased: int
    fault: str = ""
    at: int = 0
    day: str = ""

    def find(self, noted: str) -> dict[str, Any] | None:
        """The line with that hash."""
        return next((line for line in self.lines if line["hash"] == noted), None)


def check_lines(texts: Iterable[str]) -> Report:
    """Check the lines of a journal, those of several parts one after the other."""
    lines: list[dict[str, Any]] = []
    erased, last_day = 0, ""
    for at, text in enumerate(texts, 1):
        if not text.strip("\ufeff \t\r\n"):
            continue
        try:
            line = read_line(text.strip("\ufeff \t\r\n"))
            check_hashes(line)
            check_place(line, lines[-1] if lines else None, last_day)
        except Fault as fault:
            return Report(lines, erased, fault.kind, at, fault.day)
        lines.append(line)
        erased += line["totals_hash"] is not None and "totals" not in line
        last_day = line["day"] if line["corrects"] is None else last_day
    return Report(lines, erased) if lines else Report([], 0, "unreadable", 1)


def read_line(text: str) -> dict[str, Any]:
    """The object on a line. A name that comes twice is a fault, and a number that is not whole."""
    try:
        line = json.loads(
            text, object_pairs_hook=_read_pairs, parse_float=_refuse, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise Fault("unreadable") from None
    if isinstance(line, dict) and type(line.get("form")) is int and line["form"] != FORM:
        raise Fault("form")
    if not (isinstance(line, dict) and {*line} - {"totals"} == {*HASHED, "hash"} and _fits(line)):
        raise Fault("unreadable")
    return line


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name comes twice")
    return read


def _refuse(_: str) -> NoReturn:
    raise ValueError("not a whole number")


def _fits(line: dict[str, Any]) -> bool:
    """Whether the parts of a line are what they should be."""
    kind = "statement" if line["corrects"] is None else "correction"
    return (
        all(_is_number(line[name]) for name in ("form", "shop", "number"))
        and (line["corrects"] is None or _is_number(line["corrects"]))
        and (_is_day(line["day"]) and (line["follows"] is None or _is_day(line["follows"])))
        and all(line[name] is None or _is_hash(line[name]) for name in ("previous", "totals_hash"))
        and (_is_hash(line["hash"]) and line["kind"] == kind)
        and (isinstance(line["statement"], dict) and isinstance(line.get("totals", {}), dict))
    )


def _is_number(value: object) -> bool:
    return type(value) is int and value > 0


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and bool(HASH.fullmatch(value))


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and str(datetime.date.fromisoformat(value)) == value
    except ValueError:
        return False


def hash_form(form: object) -> str:
    """The SHA-256 of a form in the canonical way of writing."""
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:  # half of a character
        raise Fault("unreadable") from None


def check_hashes(line: dict[str, Any]) -> None:
    """Whether a line, and its amounts, are what their hashes say."""
    if hash_form({name: line[name] for name in HASHED}) != line["hash"]:
        raise Fault("changed", line["day"])
    if "totals" in line and hash_form(line["totals"]) != line["totals_hash"]:
        raise Fault("totals", line["day"])


def check_place(line: dict[str, Any], before: dict[str, Any] | None, last_day: str) -> None:
    """Whether a line may follow the line `before`; `last_day` is that of the last statement."""
    day, number = line["day"], line["number"]
    if before is not None and line["shop"] != before["shop"]:
        raise Fault("shop", day)
    if before is not None and number != before["number"] + 1:
        raise Fault("number", day)
    link = (line["previous"], line["follows"])
    if before is not None and link != (before["hash"], before["day"]):
        raise Fault("link", day)
    if before is None and ((None in link) != (number == 1) or link.count(None) == 1):
        raise Fault("link", day)
    is_later, corrected = day > last_day, line["corrects"]
    if not (is_later if corrected is None else corrected < number and not (last_day and is_later)):
        raise Fault("order", day)


def describe(report: Report, noted: str, language: int) -> Iterable[str]:
    """What a person reads of a report; `language` is 0 for Dutch, 1 for English."""
    lines = report.lines
    if lines:
        first, last = lines[0], lines[-1]
        span = {"shop": first["shop"], "first": first["day"], "last": last["day"]}
        yield TEXTS["span"][language].format(count=len(lines), **span)
        if first["number"] > 1:
            yield TEXTS["begins"][language].format(**first)
        if report.erased:
            yield TEXTS["erased"][language].format(count=report.erased)
    if report.fault:
        yield TEXTS["fault"][language].format(line=report.at, day=report.day)
        yield FAULTS[report.fault][language]
    else:
        yield TEXTS["intact"][language].format(**lines[-1])
    if noted:
        found = report.find(noted)
        yield TEXTS["noted" if found else "not noted"][language].format(**(found or {}))


def main(arguments: list[str] | None = None) -> int:
    """Check the files that are named, in their order."""
    parser = argparse.ArgumentParser(description="Holds a downloaded journal against itself.")
    parser.add_argument("files", nargs="+", type=Path, help="the download, or its parts in order")
    parser.add_argument("--noted", default="", help="a hash that was noted earlier")
    parser.add_argument("--english", action="store_true", help="answer in English")
    given = parser.parse_args(arguments)
    noted = "".join(given.noted.split()).lower()
    if noted and not _is_hash(noted):
        parser.error("a hash has 64 characters, of 0 to 9 and a to f")
    try:
        texts = [text for path in given.files for text in path.read_text("utf-8").split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    report = check_lines(texts)
    print("\n".join(describe(report, noted, int(given.english))))
    return 0 if not report.fault and (not noted or report.find(noted)) else 1


if __name__ == "__main__":
    sys.exit(main())
