"""docs/life.md says what the tables of life say."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.domain.events import FileStep, OrderStep, ShopStep
from tools.draw_life import COMMAND, EVENTS, PAGE, draw_diagram, draw_page, read_meanings


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == draw_page(), (
        f"docs/life.md is out of date: {COMMAND}"
    )


@pytest.mark.parametrize("steps", [OrderStep, FileStep, ShopStep])
def test_every_step_has_a_sentence_of_its_own(
    steps: type[OrderStep] | type[FileStep] | type[ShopStep],
) -> None:
    meanings = read_meanings(EVENTS)
    sentences = [meanings[f"{steps.__name__}.{step.name}"] for step in steps]

    assert all(each.endswith(".") for each in sentences)
    assert len(set(sentences)) == len(sentences)


def test_a_meaning_is_the_text_beneath_its_step(tmp_path: Path) -> None:
    module = tmp_path / "events.py"
    module.write_text(
        'class Step:\n    """A class."""\n    A = "a"\n    """First\n    one."""\n    B = "b"\n'
    )

    assert read_meanings(module) == {"Step.A": "First one."}


def test_steps_between_the_same_states_share_an_arrow() -> None:
    arrows = [("create", "", "new"), ("do", "new", "done"), ("skip", "new", "done")]

    assert draw_diagram(arrows).splitlines() == [
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> new: create",
        "    new --> done: do, skip",
        "```",
    ]
