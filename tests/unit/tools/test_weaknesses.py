"""Known weaknesses stop the lint; what could not be asked is said, and never "none known"."""

from __future__ import annotations

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tools import weaknesses
from tools.weaknesses import Accepted, Findings, Weakness, judge, read_accepted, read_report

TODAY = date(2026, 12, 1)
BAD = Weakness("requests", "2.31.0", ("PYSEC-1", "CVE-2024-1", "GHSA-1"), ("2.32.0",))
REPORT = {
    "dependencies": [
        {"name": "Jinja2", "version": "3.1.6", "vulns": []},
        {
            "name": "requests",
            "version": "2.31.0",
            "vulns": [
                {"id": "PYSEC-1", "aliases": ["CVE-2024-1", "GHSA-1"], "fix_versions": ["2.32.0"]}
            ],
        },
    ]
}
SKIPPED = {"dependencies": [{"name": "jinja2", "skip_reason": "Dependency not found on PyPI"}]}


def accept(until: date = TODAY, **changes: str) -> Accepted:
    values = {"package": "requests", "id": "GHSA-1", "reason": "not called", **changes}
    return Accepted(until=until, **values)


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each source answers; one that is not here does not answer."""
    answers: dict[str, Any] = {}

    def ask(source: str, _: object) -> Findings | None:
        return read_report(answers[source]) if source in answers else None

    monkeypatch.setattr(weaknesses, "ask", ask)
    monkeypatch.setattr(weaknesses, "read_accepted", list)
    return answers


def test_a_known_weakness_fails_with_package_id_and_the_version_without_it(
    sources: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sources["pypi"] = REPORT

    with pytest.raises(SystemExit) as failed:
        weaknesses.main()

    assert failed.value.code == 1
    said = capsys.readouterr().err
    assert "requests 2.31.0: PYSEC-1, CVE-2024-1, GHSA-1, fixed in 2.32.0" in said


@pytest.mark.parametrize("answers", [{}, {"pypi": SKIPPED}, {"pypi": {"dependencies": []}}])
def test_where_nobody_can_be_asked_it_is_said_loudly_and_nothing_fails(
    sources: dict[str, Any], capsys: pytest.CaptureFixture[str], answers: dict[str, Any]
) -> None:
    sources |= answers

    weaknesses.main()

    said = capsys.readouterr()
    assert said.err.startswith("NOT CHECKED")
    assert "No weakness" not in said.out


def test_what_the_index_does_not_know_is_asked_of_the_other_source(
    sources: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sources |= {"pypi": SKIPPED, "osv": REPORT}

    with pytest.raises(SystemExit):
        weaknesses.main()

    assert "NOT CHECKED" not in capsys.readouterr().err


def test_a_package_that_nobody_knows_is_named_beside_those_that_are_fine(
    sources: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    fine = {"name": "six", "version": "1.17.0", "vulns": []}
    sources["pypi"] = {"dependencies": [fine, *SKIPPED["dependencies"]]}

    weaknesses.main()

    said = capsys.readouterr()
    assert said.err == "NOT CHECKED for known weaknesses: jinja2\n"
    assert "No weakness" not in said.out


def test_all_checked_and_nothing_known_is_said(
    sources: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sources["pypi"] = {"dependencies": [{"name": "six", "version": "1.17.0", "vulns": []}]}

    weaknesses.main()

    assert capsys.readouterr() == ("No weakness is known of the 1 packages that are pinned.\n", "")


def test_a_weakness_is_accepted_until_its_day_and_not_after() -> None:
    known = Findings((BAD,), frozenset({"requests"}))

    assert list(judge(known, [accept()], TODAY)) == []
    (again,) = judge(known, [accept()], TODAY + timedelta(days=1))
    assert again.endswith("(accepted for a time, which is over)")
    assert list(judge(known, [accept(package="urllib3")], TODAY)) == [str(BAD)]


def test_an_exception_that_is_needed_no_more_leaves_the_list() -> None:
    found = list(judge(Findings(checked=frozenset({"requests"})), [accept()], TODAY))
    assert found == ["requests: GHSA-1 is accepted and found no more: take it out"]
    assert list(judge(Findings(), [accept()], TODAY)) == [], "nobody was asked"


@pytest.mark.parametrize(
    "line",
    ['until = 2026-12-31\nreason = " "', 'reason = "why"', 'until = "later"\nreason = "why"'],
)
def test_an_exception_needs_a_reason_and_an_end(tmp_path: Path, line: str) -> None:
    path = tmp_path / "weaknesses.toml"
    path.write_text(f'[[accepted]]\nid = "GHSA-1"\npackage = "requests"\n{line}\n')

    with pytest.raises(SystemExit, match="reason"):
        read_accepted(path)


def test_the_projects_own_exceptions_can_be_read() -> None:
    assert all(each.reason for each in read_accepted())


def test_an_audit_that_finds_something_is_read_and_one_that_breaks_off_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = [json.dumps(REPORT), "{", json.dumps({})]

    def run(command: list[str], **_: object) -> None:
        if not written:
            raise subprocess.TimeoutExpired(command, 60)
        Path(command[command.index("--output") + 1]).write_text(written.pop(0))

    monkeypatch.setattr(subprocess, "run", run)

    found = [weaknesses.ask("pypi", [Path("requirements.txt")]) for _ in range(4)]

    assert found[0] == Findings((BAD,), frozenset({"jinja2", "requests"}))
    assert found[1:] == [None, None, None]
