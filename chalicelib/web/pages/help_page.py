"""The help pages: the manual, what is kept of a shop, and a search through both. They are also for
who is not signed in.
"""

from __future__ import annotations

from markupsafe import escape

from chalicelib.domain import bounds
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.help_pictures import list_pictures
from chalicelib.web.pages.page_templates import TEMPLATES, PageTemplates
from chalicelib.web.texts.kept_texts import KEPT_PARTS, KEPT_TITLE, say_how_long
from chalicelib.web.texts.manual import Block, Chapter, Section, load_manual
from chalicelib.web.texts.manual_search import search_manual

MANUAL = TEMPLATES / "help"
KEPT, QUESTIONS = "kept", "questions"


def render_help(call: Call) -> Response:
    """``GET /help``: the chapters and the questions, or with ``q`` where its words stand."""
    call.recognise_reader()
    query = call.request.query.get("q", "").strip()[: bounds.LONGEST_PART]
    chapters = _list_chapters(call)
    return call.render(
        "help.html",
        manual=load_manual(call.templates.language, MANUAL),
        chapters=chapters,
        questions=next((each for each in chapters if each.name == QUESTIONS), None),
        kept=chapters[-1],
        query=query,
        hits=search_manual(chapters, query),
    )


def render_chapter(call: Call) -> Response:
    """``GET /help/{chapter}``: one chapter. Raises `NoSuchPage`."""
    call.recognise_reader()
    chapters = _list_chapters(call)
    names = [chapter.name for chapter in chapters]
    if call.params["chapter"] not in names:
        raise NoSuchPage
    place = names.index(call.params["chapter"])
    return call.render(
        "help_chapter.html",
        chapter=chapters[place],
        chapters=chapters,
        previous=chapters[place - 1] if place else None,
        following=chapters[place + 1] if place + 1 < len(chapters) else None,
        pictures=list_pictures(),
    )


def _list_chapters(call: Call) -> tuple[Chapter, ...]:
    """Those of the manual, and last what is kept of a shop."""
    templates = call.templates
    return (*load_manual(templates.language, MANUAL).chapters, _make_kept_chapter(call, templates))


def _make_kept_chapter(call: Call, templates: PageTemplates) -> Chapter:
    values = say_how_long(templates.say, call.connector.settings)
    sections = tuple(
        Section(
            name=part.name,
            title=templates.say(part.title),
            blocks=tuple(
                Block(html=f"<p>{escape(templates.say(text, **values))}</p>") for text in part.texts
            ),
        )
        for part in KEPT_PARTS
    )
    return Chapter(name=KEPT, title=templates.say(KEPT_TITLE), sections=sections)
