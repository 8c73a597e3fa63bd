"""No decision from free text: each kind of decision by an event's note, as it must fail."""

from __future__ import annotations

import pytest

from tools.check_free_text import check_code, check_template


@pytest.mark.parametrize(
    "code",
    [
        "event.note == 'by hand'",
        "'by hand' != event.note",
        "'hand' in event.note",
        "event.note in CAUSES",
        "event.note is None",
        "events[-1].note == 'x'",
        "event.note[:4] == 'file'",
        "event.note.lower() == 'x'",
        "len(event.note) > 3",
        "match event.note:\n    case 'x': ...",
        "match event.note.split():\n    case ['x']: ...",
        "if event.note: ...",
        "if not event.note: ...",
        "while event.note: ...",
        "assert event.note",
        "x = 1 if event.note else 2",
        "x = event.note or ''",
        "x = [each for each in events if each.note]",
        "bool(event.note)",
        "event.note.startswith('file')",
        "event.note.strip().endswith('x')",
        "event.note.find('x')",
        "event.note.index('x')",
        "event.note.split(':')",
        "event.note.partition(':')",
        "re.match('x', event.note)",
        "CAUSES[event.note]",
        "CAUSES.get(event.note)",
    ],
)
def test_a_decision_by_a_note_is_named_with_its_file_and_line(code: str) -> None:
    [found, *_] = check_code("chalicelib/domain/example.py", f"\n{code}\n")

    assert found.startswith("chalicelib/domain/example.py:2: ")
    assert ".note" in found


@pytest.mark.parametrize(
    "code",
    [
        "Event(note=event.note)",
        "event.note = text",
        "item['note'] = event.note",
        "text = f'{event.note}.'",
        "event.cause == Cause.EDITED",
        "shops.note(shop_id, 'x', {})",
        "notes.split(':')",
    ],
)
def test_storing_and_showing_one_passes(code: str) -> None:
    assert check_code("chalicelib/domain/example.py", code) == []


@pytest.mark.parametrize(
    "code", ["if event.note: ...", "x = event.note is None", "event.note or ''"]
)
def test_pages_may_ask_whether_there_is_one(code: str) -> None:
    assert check_code("chalicelib/web/example.py", code) == []


@pytest.mark.parametrize(
    "code", ["event.note == 'x'", "'x' in event.note", "event.note.startswith('x')"]
)
def test_pages_may_not_ask_what_it_says(code: str) -> None:
    assert check_code("chalicelib/web/example.py", code)


@pytest.mark.parametrize(
    "expression",
    [
        "event.note == 'x'",
        "event['note'] == 'x'",
        "'x' in event.note",
        "event.note|lower == 'x'",
        "event.note|length > 3",
        "event.note is eq('x')",
        "event.note.startswith('x')",
        "event.note.strip().split(':')[0]",
    ],
)
def test_a_template_that_decides_by_one_is_named_with_its_line(expression: str) -> None:
    found = check_template("page.html", f"\n{{% if {expression} %}}x{{% endif %}}")

    assert found == ["page.html:2: a template decides by free text (.note)"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ event.note }}",
        "{% if event.note %}{{ _(event.note) }}{% endif %}",
        "{% if event.note is not none %}{{ event.note }}{% endif %}",
        "{{ event.note or '' }}",
        "{% if event.cause == 'edited' %}x{% endif %}",
    ],
)
def test_a_template_may_show_one(text: str) -> None:
    assert check_template("page.html", text) == []
