"""A journal shows what was done to it afterwards, to the connector and to the program that anyone
may run: they share nothing, and find the same.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.journal import JournalEntry, differs, make_entry
from chalicelib.domain.journal_check import JournalCheck, check_lines
from chalicelib.domain.journal_lines import JournalFault, read_noted
from chalicelib.domain.statement import Verdict
from tests.fakes.journals import FIRST, add_statements, closed_day, make_journal, write_lines
from tools import verify_journal

PAGE = Path(__file__).parents[3] / "docs" / "journal.md"
PROGRAM = Path(__file__).parents[3] / "templates" / "static" / "verify_journal.py"


def both(lines: list[str]) -> JournalCheck:
    """What both find, which is the same."""
    mine, other = check_lines(lines), verify_journal.check_lines(lines)
    assert (mine.fault or "") == other.fault
    assert [line.hash for line in mine.lines] == [line["hash"] for line in other.lines]
    assert (mine.at, mine.erased) == (other.at, other.erased)
    assert ("" if mine.day is None else mine.day.isoformat()) == other.day
    return mine


def edit(lines: list[str], index: int, *path: str | int, to: Any) -> list[str]:
    """The lines, with one value in one of them changed."""
    line: Any = json.loads(lines[index])
    inside = line
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = to
    return [*lines[:index], json.dumps(line), *lines[index + 1 :]]


def hash_anew(lines: list[str], index: int) -> list[str]:
    """As somebody would who knows the form: from that line on all hashes fit again."""
    changed = lines[:index]
    previous = json.loads(lines[index - 1])["hash"] if index else None
    for text in lines[index:]:
        line = json.loads(text)
        line.pop("hash")
        totals = line.pop("totals", None)
        line["previous"] = previous
        if totals is not None:
            line["totals_hash"] = sha256(totals)
        previous = sha256(line)
        whole = {**line, "hash": previous, **({} if totals is None else {"totals": totals})}
        changed.append(json.dumps(whole))
    return changed


def sha256(form: Any) -> str:
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def lines() -> list[str]:
    return write_lines(make_journal())


def test_a_journal_as_it_was_downloaded_is_intact(lines: list[str]) -> None:
    check = both(lines)
    assert check.is_intact
    assert [line.number for line in check.lines] == [1, 2, 3, 4, 5]
    assert check.lines[3].follows == FIRST + timedelta(days=2)  # a day was skipped


def test_blank_lines_a_byte_order_mark_and_other_line_ends_do_no_harm(lines: list[str]) -> None:
    saved = ["\ufeff" + lines[0] + "\r", *(f"{line}\r" for line in lines[1:]), "", "\r"]
    assert both(saved).is_intact


def test_a_line_may_be_written_otherwise_as_long_as_it_says_the_same(lines: list[str]) -> None:
    spaced = [json.dumps(json.loads(line), indent=None, sort_keys=False) for line in lines]
    assert both(spaced).is_intact


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("statement", "placed"), 4),
        (("statement", "verdict"), "wrong"),
        (("statement", "files", 0, "sha256"), "0" * 64),
        (("statement", "files", 0, "name"), "axml-orders-20261103-184520-002.xml"),
        (("statement", "check", "missing"), 1),
        (("day",), "2026-11-07"),
        (("totals_hash",), None),
        (("previous",), "0" * 64),
        (("statement", "more"), "added"),
    ],
)
def test_a_changed_figure_is_found_at_its_day(
    lines: list[str], path: tuple[str | int, ...], to: Any
) -> None:
    changed = edit(lines, 1, *path, to=to)
    check = both(changed)
    assert check.fault is JournalFault.CHANGED
    assert check.at == 2
    assert len(check.lines) == 1
    if path not in (("totals_hash",), ("previous",)):
        assert both(hash_anew(lines=changed, index=1)[:2] + lines[2:]).fault is JournalFault.LINK


def test_a_changed_amount_is_found(lines: list[str]) -> None:
    changed = edit(lines, 2, "totals", "files", "totals", 0, "vat", to="12.00")
    assert both(changed).fault is JournalFault.TOTALS
    added = edit(lines, 2, "totals", "more", to="x")
    assert both(added).fault is JournalFault.TOTALS


def test_a_day_that_was_left_out_and_days_that_were_swapped_are_found(lines: list[str]) -> None:
    assert both(lines[:2] + lines[3:]).fault is JournalFault.NUMBER
    assert both([lines[0], lines[2], lines[1], *lines[3:]]).fault is JournalFault.NUMBER
    renumbered = edit(lines[:2] + lines[3:], 2, "number", to=3)
    assert both(renumbered).fault is JournalFault.CHANGED
    again = [json.loads(line) for line in lines[:2] + lines[3:]]
    for number, line in enumerate(again, 1):
        line["number"] = number
    rewritten = hash_anew([json.dumps(line) for line in again], 2)
    assert both(rewritten).fault is JournalFault.LINK  # the day that it says it follows


def test_what_was_cut_off_or_hashed_anew_is_found_by_a_noted_hash(lines: list[str]) -> None:
    noted = json.loads(lines[-1])["hash"]
    early = json.loads(lines[0])["hash"]
    cut = both(lines[:3])
    assert cut.is_intact
    assert cut.find(noted) is None
    rewritten = both(hash_anew(edit(lines, 2, "statement", "placed", to=2), 2))
    assert rewritten.is_intact  # nothing but a noted hash contradicts it
    assert rewritten.find(noted) is None
    assert rewritten.find(early) is not None
    assert both(lines).find(noted) is not None
    assert read_noted(f" {noted[:32].upper()} {noted[32:]}\n") == noted


def test_what_was_put_before_the_first_or_begins_later_is_seen(lines: list[str]) -> None:
    part = both(lines[2:])
    assert part.is_intact
    assert part.lines[0].number == 3  # which whoever reads it is told
    assert both(hash_anew(edit(lines, 1, "number", to=1), 1)[1:]).fault is JournalFault.LINK


def test_days_of_another_shop_do_not_fit(lines: list[str]) -> None:
    other = write_lines(make_journal(shop=184521))
    assert both([*lines, *other]).fault is JournalFault.SHOP


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "null",
        "{}",
        "no json",
        '{"form":1}',
        "[" * 100_000,
        '{"form":1e0}',
        '{"form":NaN}',
        '{"form":true}',
        f'{{"form":{"9" * 5000}}}',
    ],
)
def test_what_is_no_line_of_a_journal_is_called_so(lines: list[str], line: str) -> None:
    assert both([line]).fault is JournalFault.UNREADABLE
    if line:
        assert both([lines[0], line]).fault is JournalFault.UNREADABLE


def test_a_value_that_another_reader_may_read_otherwise_is_refused(lines: list[str]) -> None:
    twice = lines[1].replace('"placed":3', '"placed":30,"placed":3')
    assert both([lines[0], twice]).fault is JournalFault.UNREADABLE
    fraction = lines[1].replace('"placed":3', '"placed":3.0')
    assert both([lines[0], fraction]).fault is JournalFault.UNREADABLE
    half = edit(lines, 1, "statement", "verdict", to="\ud800")
    assert both(half).fault is JournalFault.UNREADABLE


def test_a_form_of_a_later_version_is_not_called_tampered_with(lines: list[str]) -> None:
    assert both(edit(lines, 1, "form", to=2)).fault is JournalFault.FORM


def test_a_correction_follows_and_says_what_it_corrects() -> None:
    journal = make_journal(3)
    corrected = replace(closed_day(journal[1].day, placed=2), verdict=Verdict.WRONG)
    entry = make_entry(184520, journal[-1], corrected, salt="00", corrects=2)
    further = add_statements([*journal, entry], [closed_day(date(2026, 11, 9))])
    check = both(write_lines(further))
    assert check.is_intact
    assert [line.corrects for line in check.lines] == [None, None, None, 2, None]
    assert differs(journal[1], corrected)
    assert not differs(entry, corrected)
    too_early = make_entry(184520, journal[-1], closed_day(journal[1].day), salt="00")
    assert both(write_lines([*journal, too_early])).fault is JournalFault.ORDER


def test_erased_totals_leave_the_chain_whole_and_their_hash_does_not_tell_them() -> None:
    journal = make_journal()
    erased = [replace(entry, totals=None) for entry in journal]
    check = both(write_lines(erased))
    assert check.is_intact
    assert check.erased == 5
    assert [line.hash for line in check.lines] == [entry.hash for entry in journal]
    assert "121" not in "".join(write_lines(erased))
    first, second = (json.loads(entry.text)["totals_hash"] for entry in journal[:2])
    assert first != second  # of the same amounts


def test_no_order_is_named_and_no_amount_is_in_what_is_hashed_of_a_day() -> None:
    entry: JournalEntry = make_journal(1)[0]
    named = replace(closed_day(FIRST), left_numbers=("ORD1",), unfiled=("order-1",))
    assert add_statements([], [named])[0] == entry
    assert "100.00" not in entry.text


def test_the_form_stays_as_it_is() -> None:
    """What was noted once must be found again: another form is another `FORM`."""
    documented = re.findall(r"^[0-9a-f]{64}$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert documented == [make_journal(2)[-1].hash]


@pytest.mark.parametrize(
    ("options", "said"), [((), "INTACT. Het"), (("--english",), "INTACT. The")]
)
def test_the_program_runs_by_itself(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    lines = write_lines(make_journal())
    parts = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    parts[0].write_text("\n".join(lines[:3]) + "\n")
    parts[1].write_text("\n".join(lines[3:]) + "\n")
    noted = json.loads(lines[1])["hash"]
    asked = [sys.executable, "-I", PROGRAM, *parts, "--noted", noted, *options]
    found = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said in found.stdout


def test_the_programs_exit_code_says_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, file = write_lines(make_journal()), tmp_path / "journal.jsonl"
    file.write_text("\n".join(lines))
    assert verify_journal.main([str(file)]) == 0
    assert verify_journal.main([str(file), "--noted", "0" * 64]) == 1
    assert "staat NIET" in capsys.readouterr().out
    file.write_text("\n".join(edit(lines, 2, "statement", "held", to=1)))
    assert verify_journal.main([str(file)]) == 1
    assert "NIET INTACT, regel 3 2026-11-04" in capsys.readouterr().out
    assert verify_journal.main([str(tmp_path / "missing")]) == 2
    with pytest.raises(SystemExit):
        verify_journal.main([str(file), "--noted", "abc"])
