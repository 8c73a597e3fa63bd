"""The journal's page and its download, and the page on which anyone checks one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.journal_check import check_lines
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages import verify_page
from tests.edge.web.markup import read
from tests.edge.web.uploads import BOUNDARY, upload
from tests.fakes.journals import make_journal, store_journal, write_lines
from tests.fakes.web import OURS, PUBLIC_URL, SHOP_ID, Browser, World

DAY = re.compile(r'<tr><th scope="row"><a href="[^"]*/days/([0-9-]*)">')
BEGUN = date(2026, 8, 3)


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.install()
    return browser


@pytest.fixture
def entries(world: World, signed_in: Browser) -> list[JournalEntry]:
    made = make_journal(70, first=BEGUN)
    store_journal(world.shops, made)
    return made


def verify(browser: Browser, *files: str, noted: str = "") -> Response:
    sent = [("file", f"{n}.jsonl", text.encode()) for n, text in enumerate(files)]
    return upload(browser, "/verify", {"noted": noted}, sent, {"accept-language": "nl"})


def test_the_newest_hash_stands_large_and_the_whole_is_checked(
    signed_in: Browser, entries: list[JournalEntry]
) -> None:
    page = signed_in.get("/journal").body
    assert f'<p class="seal"><code>{entries[-1].hash}</code></p>' in page
    assert (
        "Ongewijzigd van 3 augustus 2026 tot en met 12 oktober 2026, zojuist gecontroleerd." in page
    )
    assert DAY.findall(page) == [entry.day.isoformat() for entry in entries[:9:-1]]
    older = signed_in.get("/journal", {"before": "11"}).body
    assert DAY.findall(older) == [entry.day.isoformat() for entry in entries[9::-1]]
    assert "Hier begint het journaal" in older
    assert [link.href for link in read(older).links if link.text == "Nieuwere dagen"] == [
        f"{PUBLIC_URL}/journal"
    ]


def test_a_journal_that_was_tampered_with_says_so_at_once(
    world: World, signed_in: Browser, entries: list[JournalEntry]
) -> None:
    changed = replace(entries[4], text=entries[4].text.replace('"placed":3', '"placed":2'))
    store_journal(world.shops, [changed])
    page = signed_in.get("/journal").body
    assert "het gaat mis bij 8 augustus 2026" in page
    assert "zojuist gecontroleerd" not in page
    assert "niets herschreven" not in page
    older = signed_in.get("/journal", {"before": "11"}).body
    chips = re.findall(r'<span class="chip [a-z]+">([^<]+)</span>', older)
    assert chips == ["Niet bewezen"] * 6 + ["Klopt"] * 4


def test_without_a_closed_day_the_page_says_when_there_is_one(signed_in: Browser) -> None:
    page = signed_in.get("/journal")
    assert page.status == 200
    assert "Er is nog geen dag afgesloten." in page.body
    assert signed_in.get("/journal/download").status == 404


def test_the_download_is_the_whole_journal_and_is_intact(
    signed_in: Browser, entries: list[JournalEntry]
) -> None:
    answer = signed_in.get("/journal/download")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="journaal-{SHOP_ID}-20260803-20261012.jsonl"'
    )
    assert answer.body.splitlines() == write_lines(entries)
    assert check_lines(answer.body.split("\n")).is_intact
    part = signed_in.get("/journal/download", {"from": "61"}).body
    assert part.splitlines() == write_lines(entries[60:])


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "٣", "123456789", "71"])
def test_what_is_no_number_of_the_journal_is_no_page(
    signed_in: Browser, entries: list[JournalEntry], number: str
) -> None:
    assert signed_in.get("/journal/download", {"from": number}).status == 404


def test_nobody_else_gets_the_journal(world: World, entries: list[JournalEntry]) -> None:
    stranger = Browser(world)
    for path in ("/journal", "/journal/download"):
        answer = stranger.get(path)
        assert answer.status == 401
        assert entries[0].hash not in answer.body


def test_anyone_checks_a_download_without_signing_in(
    world: World, entries: list[JournalEntry]
) -> None:
    before = dict(world.shops.kept[SHOP_ID])
    stranger = Browser(world)
    assert stranger.get("/verify").status == 200
    answer = verify(stranger, "\n".join(write_lines(entries)), noted=entries[20].hash)
    assert answer.status == 200
    assert "Ongewijzigd van 3 augustus 2026 tot en met 12 oktober 2026." in answer.body
    assert "Het genoteerde controlegetal hoort bij 24 augustus 2026" in answer.body
    assert not stranger.cookies
    assert world.shops.kept[SHOP_ID] == before


def test_parts_are_checked_in_their_order(browser: Browser) -> None:
    lines = write_lines(make_journal(30))
    answer = verify(browser, "\n".join(lines[20:]), "\r\n".join(lines[:20]) + "\r\n")
    assert "30 regels van webwinkel 184520" in answer.body
    assert "Ongewijzigd" in answer.body


def test_the_first_day_that_does_not_fit_is_said_and_what_that_means(browser: Browser) -> None:
    lines = write_lines(make_journal())
    changed = [
        line.replace('"held":0', '"held":1') if n == 2 else line for n, line in enumerate(lines)
    ]
    page = verify(browser, "\n".join(changed)).body
    assert "regel 3, van 4 november 2026, is de eerste die niet past" in page
    assert "Deze dag is gewijzigd nadat hij was afgesloten" in page
    assert "van 2 november 2026 tot en met 3 november 2026, zijn ongewijzigd" in page
    gone = verify(browser, "\n".join([*lines[:2], *lines[3:]])).body
    assert "Hier ontbreekt een dag" in gone


def test_a_noted_hash_alone_shows_that_a_journal_was_cut_off(browser: Browser) -> None:
    entries = make_journal()
    cut = "\n".join(write_lines(entries)[:3])
    assert "Vul daarvoor een controlegetal in" in verify(browser, cut).body
    answer = verify(browser, cut, noted=entries[-1].hash.upper()).body
    assert "Het genoteerde controlegetal staat niet in dit journaal" in answer


@pytest.mark.parametrize(
    ("files", "noted", "field"),
    [([], "", "file"), (["x"], "abc", "noted"), ([" \n"], "", "file")],
)
def test_what_is_missing_or_mistyped_is_said_above_the_form(
    browser: Browser, files: list[str], noted: str, field: str
) -> None:
    answer = verify(browser, *files, noted=noted)
    assert answer.status == 400
    assert "<title>Fout: Een journaal controleren" in answer.body
    assert f'<a href="#{field}">' in answer.body
    assert f'id="{field}-problem"' in answer.body


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{}", "[" * 90_000, "\x00\x01", '{"form":1}\n' * 3, "€" * 9],
)
def test_anything_else_than_a_journal_is_an_answer_and_never_shown(
    browser: Browser, text: str
) -> None:
    answer = verify(browser, text)
    assert answer.status == 200
    assert "Dit is geen regel van een journaal" in answer.body
    assert "<script" not in answer.body


def test_a_form_that_is_none_or_too_large_is_refused(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.post("/verify", {"file": "x"}).status == 400
    headers = {**OURS, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    assert browser.post_body("/verify", b"no parts", headers).status == 400
    monkeypatch.setattr(verify_page, "LARGEST_UPLOAD", 100)
    assert verify(browser, "x" * 100).status == 413


def test_the_program_is_downloaded_as_it_is_tested(browser: Browser) -> None:
    page = browser.get("/verify").body
    [address] = {link.href for link in read(page).links if link.text == "verify_journal.py"}
    assert re.fullmatch(rf"{PUBLIC_URL}/static/verify_journal\.py\?v=[0-9a-f]{{12}}", address)
    program = browser.get("/static/verify_journal.py")
    assert "attachment" in str(program.headers["Content-Disposition"])
    assert "def check_lines" in program.body
