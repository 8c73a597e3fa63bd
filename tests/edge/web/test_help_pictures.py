"""The pictures of the help pages and of the README show the pages as they are."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from chalicelib.web.pages.help_page import MANUAL
from chalicelib.web.pages.help_pictures import LISTED, PICTURES, list_pictures
from chalicelib.web.texts.manual import load_manual
from tests.browser.pictures import OF_HELP, OF_README, Scene
from tests.browser.take_pictures import IN_README
from tests.fakes.web import Browser

ALL = [(PICTURES, scene) for scene in OF_HELP] + [(IN_README, scene) for scene in OF_README]
LARGEST = 600_000  # bytes, all that ship


@pytest.mark.parametrize(("folder", "scene"), ALL, ids=lambda each: getattr(each, "name", ""))
def test_no_picture_is_older_than_its_page(folder: Path, scene: Scene) -> None:
    taken = list_pictures(folder / LISTED.name)[scene.name]
    content = (folder / f"{scene.name}.webp").read_bytes()

    assert taken.page == scene.hash_page(), "make pictures takes them anew"
    assert taken.content == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("folder", "scenes"), [(PICTURES, OF_HELP), (IN_README, OF_README)])
def test_every_picture_is_one_that_is_taken(folder: Path, scenes: tuple[Scene, ...]) -> None:
    names = {scene.name for scene in scenes}
    assert {path.stem for path in folder.glob("*.webp")} == names
    assert set(list_pictures(folder / LISTED.name)) == names


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < LARGEST


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_manual_shows_each_and_says_what_is_to_be_seen(language: str) -> None:
    chapters = load_manual(language, MANUAL).chapters
    blocks = [block for each in chapters for part in each.sections for block in part.blocks]
    shown = {block.picture: block.shows for block in blocks if block.picture}
    assert set(shown) == {scene.name for scene in OF_HELP}
    assert all(len(words) > 20 for words in shown.values())


def test_a_picture_goes_out_as_text_that_browsers_show_and_keep(browser: Browser) -> None:
    page = browser.get("/help/installing").body
    address, width = re.findall(r'<img src="[^"]*?(/static/[^"?]+)\?v=\w{12}" width="(\d+)"', page)[
        0
    ]
    answer = browser.get(address)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in str(answer.headers["Cache-Control"])
    assert answer.body.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"')
    assert "data:image/webp;base64,UklGR" in answer.body


@pytest.mark.parametrize("name", ["installing", "none.svg", "pictures.json", "..%2Fhelp.svg"])
def test_nothing_else_is_sent(browser: Browser, name: str) -> None:
    assert browser.get(f"/static/{name}").status == 404
