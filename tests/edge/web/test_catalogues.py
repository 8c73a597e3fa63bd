"""Every text of the pages has its Dutch one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from chalicelib.web.pages import page_templates

ROOT = page_templates.TEMPLATES.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}
PLACES = re.compile(r"%\((\w+)\)s")


def extracted() -> Catalog:
    """What Babel finds as ``templates/locale/babel.cfg`` says."""
    found = Catalog()
    with (page_templates.LOCALE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for _, _, text, _, _ in extract_from_dir(
        ROOT, methods, options, KEYWORDS, strip_comment_tags=True
    ):
        found.add(text)
    return found


def texts(message: Message) -> list[tuple[str, str]]:
    """Source and translation, singular and plural."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string or (), strict=True))


def catalogue(language: str) -> Catalog:
    path = page_templates.LOCALE / language / "LC_MESSAGES" / "pages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.slow
def test_the_catalogue_has_exactly_the_texts_of_the_pages() -> None:
    wanted = {message.id for message in extracted() if message.id}
    present = {message.id for message in catalogue("nl") if message.id}

    assert len(wanted) > 200
    assert wanted - present == set()
    assert present - wanted == set()


def test_every_text_is_in_dutch_and_keeps_its_places() -> None:
    for message in catalogue("nl"):
        if not message.id:
            continue
        assert not message.fuzzy
        for source, translated in texts(message):
            assert translated.strip(), source
            assert set(PLACES.findall(translated)) == set(PLACES.findall(source)), source


def test_templates_say_nothing_that_is_not_translated() -> None:
    allowed = {
        "Extra", "Im", "Export", "Basis", "Import", "orders", "xml", "Webwinkelfacturen", "nl",
        "Synchroniseren", "Facturatie", "Facturen", "SEOshop", "Asperion", "narrow", "wide",
    }  # fmt: skip
    for template in sorted(Path(page_templates.TEMPLATES, "pages").glob("*.html")):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template.read_text(), flags=re.DOTALL
        )
        words = set(re.findall(r"[A-Za-z]{2,}", text)) - allowed
        assert not words, (template.name, words)
