"""The manual in the pages: one source, every language, and a search that finds."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from chalicelib.web.pages.help_page import KEPT, MANUAL
from chalicelib.web.texts.manual import Chapter, load_manual
from chalicelib.web.texts.manual_search import MOST_HITS, search_manual
from tests.edge.web.markup import read
from tests.fakes.web import PUBLIC_URL, Browser, World
from tools.draw_manual import SOURCES, draw_manual

NAMES = [chapter.name for chapter in load_manual("nl", MANUAL).chapters]
HELP = f"{PUBLIC_URL}/help"


def plain(body: str) -> str:
    """The words of a page."""
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hits(browser: Browser, query: str, **given: str) -> list[str]:
    """The addresses that a search leads to."""
    page = browser.get("/help", {"q": query, **given}).body
    part = page[page.index('id="hits"') : page.index('id="chapters"')]
    return [link.href.removeprefix(HELP) for link in read(part).links if "/help/" in link.href]


@pytest.mark.parametrize("language", SOURCES)
def test_the_help_pages_say_what_the_manual_says(language: str) -> None:
    made = (MANUAL / f"{language}.json").read_bytes()
    assert made == draw_manual(language), "make docs draws it anew"


def test_both_languages_have_the_same_chapters_with_as_many_parts() -> None:
    def count(language: str) -> list[tuple[str, int, int]]:
        return [
            (each.name, len(each.sections), sum(len(part.blocks) for part in each.sections))
            for each in load_manual(language, MANUAL).chapters
        ]

    assert count("nl") == count("en")


def test_every_name_is_there_once() -> None:
    for language in SOURCES:
        for chapter in load_manual(language, MANUAL).chapters:
            assert re.fullmatch("[a-z-]+", chapter.name)
            names = [section.name for section in chapter.sections]
            assert len(set(names)) == len(names), chapter.name


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_front_leads_to_every_chapter_and_question(world: World, *, signed_in: bool) -> None:
    browser = Browser(world)
    if signed_in:
        browser.install()
    links = {link.href for link in read(browser.get("/help").body).links}
    assert {f"{HELP}/{name}" for name in [*NAMES, KEPT]} <= links
    assert f"{HELP}/questions#hoe-stop-ik" in links


@pytest.mark.parametrize("name", [*NAMES, KEPT])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_chapter_says_all_of_it_and_leads_on(browser: Browser, name: str, language: str) -> None:
    answer = browser.get(f"/help/{name}", {"language": language})
    assert answer.status == 200
    assert answer.headers["Content-Language"] == language
    said = plain(answer.body)
    for chapter in load_manual(language, MANUAL).chapters:
        if chapter.name == name:
            for section in chapter.sections:
                assert all(block.text in said for block in section.blocks)
    rels = re.findall(r'rel="(prev|next)"', answer.body)
    assert rels == (
        ["next"] if name == NAMES[0] else ["prev"] if name == KEPT else ["prev", "next"]
    )


def test_every_place_that_the_chapter_links_to_is_in_it(browser: Browser) -> None:
    for name in [*NAMES, KEPT]:
        body = browser.get(f"/help/{name}").body
        for link in read(body).links:
            if link.href.startswith("#"):
                assert f'id="{link.href[1:]}"' in body


def test_there_is_no_other_chapter(browser: Browser) -> None:
    for path in ("/help/none", "/help/Installing", "/help/..%2Flocale"):
        assert browser.get(path).status == 404


def test_a_search_leads_to_the_place_and_shows_the_word_in_it(browser: Browser) -> None:
    assert hits(browser, "statiegeld")[0].startswith("/questions#ik-verkoop-met-statiegeld")
    body = browser.get("/help", {"q": "artikelcodes"}).body
    assert "<mark>artikelcodes</mark>" in body
    assert "1 plaats over ‘artikelcodes’" in plain(body)
    assert 'value="artikelcodes"' in body


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("STATIEGELD", "/questions#"),
        ("reservekopieen", "/kept#time"),  # without its accents
        ("hoe stop ik", "/questions#hoe-stop-ik"),
        ("Hoe stop ik de e-mail?", "/mail#unsubscribe"),
        ("licentiecodes wijzigen", "/licence"),  # another form of the word
    ],
)
def test_it_finds_what_people_type(browser: Browser, query: str, place: str) -> None:
    assert any(found.startswith(place) for found in hits(browser, query)[:3])


def test_it_speaks_the_language_of_the_page(browser: Browser) -> None:
    assert hits(browser, "deposits", language="en")
    assert not hits(browser, "statiegeld", language="en")


@pytest.mark.parametrize("query", ["xyzzy", "%", "a.*", "(", "\\", "'; --", "🧀"])
def test_what_is_not_there_is_said_and_the_chapters_stay(browser: Browser, query: str) -> None:
    body = browser.get("/help", {"q": query}).body
    assert f"Niets over ‘{query}’" in plain(body)
    assert f"{HELP}/installing" in body


def test_what_is_typed_is_no_part_of_the_page(browser: Browser) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x>', "<b>statiegeld"):
        body = browser.get("/help", {"q": query}).body
        assert query not in body
        assert html.escape(query, quote=False).split("&gt;")[0] in body.replace("&#34;", '"')


def test_a_long_or_empty_search_is_answered_quickly_and_shortly(browser: Browser) -> None:
    assert "hits" not in browser.get("/help", {"q": "  "}).body
    many = browser.get("/help", {"q": "de " * 600}).body
    assert many.count('<li class="card">') <= MOST_HITS


def test_the_best_place_comes_first() -> None:
    chapters: tuple[Chapter, ...] = load_manual("nl", MANUAL).chapters
    first = search_manual(chapters, "bestelling nog eens sturen")[0]
    assert "sturen" in first.section.title


def test_every_page_names_whom_to_ask_if_somebody_is_there(world: World) -> None:
    browser = Browser(world)
    browser.install()
    paths = ["/", "/settings", "/help", "/help/kept", "/help/none", "/orders/none"]
    assert all("mailto:" not in browser.get(path).body for path in paths)
    settings = replace(world.connector.settings, support_address="hulp@example.nl")
    world.connector = replace(world.connector, settings=settings)
    for path in paths:
        assert 'href="mailto:hulp@example.nl"' in browser.get(path).body, path
