"""``bin/fleet``: what is typed, what is asked of the function, and the tables that are printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.shop_health import HealthCause
from chalicelib.domain.shops import TroubleCause
from tools import fleet_command as fleet
from tools.deployed_functions import NotCalled, find_stage
from tools.fleet_requests import make_event, make_parser
from tools.fleet_words import CAUSES, write_answer, write_cause, write_shops


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        ("worst --state active", {"action": "worst", "state": "active"}),
        ("list --way api --cluster eu1", {"action": "list", "way": "api", "cluster": "eu1"}),
        ("show 184520", {"action": "show", "shop_id": 184520}),
        ("pause 184520 --dry-run", {"action": "pause", "shop_id": 184520, "dry_run": True}),
        ("resume 184520", {"action": "resume", "shop_id": 184520}),
        ("resume --part all", {"action": "resume", "part": "all"}),
        ("halt api --reason x", {"action": "halt", "part": "api", "reason": "x"}),
        ("reconnect", {"action": "reconnect"}),
        (
            "release 184520 email_missing -n",
            {
                "action": "release",
                "shop_id": 184520,
                "reason": "email_missing",
                "dry_run": True,
            },
        ),
        ("erase 7 --confirm 7", {"action": "erase", "shop_id": 7, "confirm": 7}),
        ("redrive", {"action": "redrive"}),
    ],
)
def test_what_is_typed_is_what_the_function_takes(typed: str, event: dict[str, Any]) -> None:
    assert make_event(make_parser().parse_args(typed.split())) == event


@pytest.mark.parametrize("typed", ["", "resume", "resume 7 --part all", "halt api", "show x"])
def test_wrong_usage_ends_with_2(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        make_parser().parse_args(typed.split())
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def shop(number: int, *causes: tuple[str, int]) -> dict[str, Any]:
    since = "2026-11-23T03:50:00+00:00" if causes else None
    found = [{"cause": code, "since": since, "count": count} for code, count in causes]
    place = {"state": "active", "way": "file", "cluster": "eu1", "severity": "late"}
    return {"shop_id": number, **place, "since": since, "causes": found}


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    lines = write_shops([shop(7, ("overdue", 1200)), shop(184520)])
    assert lines == [
        "  SHOP  STATE   WAY   CLUSTER  SEVERITY  SINCE (UTC)       WHAT",
        "     7  active  file  eu1      late      2026-11-23 03:50  1,200 orders overdue",
        "184520  active  file  eu1      late      -",
    ]
    assert write_shops([]) == ["No such shop."]


def test_every_cause_has_words() -> None:
    assert {*CAUSES} == {*HealthCause, *TroubleCause}
    assert write_cause({"cause": "overdue", "count": 1}) == "1 order overdue"
    assert write_cause({"cause": "a_later_one", "count": 1}) == "a_later_one"


def test_any_answer_is_names_and_tables() -> None:
    answer = {
        "changed": False,
        "why": None,
        "audit": [{"at": "x", "what": "paused"}, {"at": "yy", "what": "resumed"}],
    }
    assert write_answer(answer) == [
        "changed  no",
        "why      -",
        "",
        "audit:",
        "at  what",
        "x   paused",
        "yy  resumed",
    ]


class Pages:
    """The function, with so many shops in pages."""

    def __init__(self, *pages: list[int]) -> None:
        self.pages, self.asked = list(pages), list[Mapping[str, Any]]()

    def __call__(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        place = len(self.asked)
        self.asked.append(event)
        shops = [shop(number) for number in self.pages[place]]
        is_last = place == len(self.pages) - 1
        return {"shops": shops, "next": None if is_last else f"page {place + 1}"}


def test_pages_are_followed_and_a_shop_that_comes_twice_is_shown_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages = Pages([1, 2], [2, 3], [])
    assert fleet.show_list(pages, {"action": "worst"}, None) == fleet.DONE
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ["1", "2", "3"]
    assert said.err.splitlines() == ["2 shops so far …", "3 shops so far …"]
    assert [event.get("after") for event in pages.asked] == [None, "page 1", "page 2"]


def test_no_more_is_asked_for_than_is_wanted() -> None:
    pages = Pages([1, 2], [3], [4])
    fleet.show_list(pages, {"action": "worst"}, 3, quiet=True)
    assert [event["limit"] for event in pages.asked] == [3, 1]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([{"changed": True}], fleet.DONE),
        ([{"changed": False, "why": "not_paused"}], fleet.UNCHANGED),
        ([{"dry_run": True, "would_change": True}], fleet.DONE),
        ([{"shop_id": 7}], fleet.DONE),
        ([{"erased": {}, "is_all": False}], fleet.UNFINISHED),
        ([{"changed": True, "go_on_after": 7}, {"changed": False, "go_on_after": None}], 0),
    ],
)
def test_the_exit_code_says_what_came_of_it(answers: list[dict[str, Any]], code: int) -> None:
    left = list(answers)
    assert fleet.show_answers(lambda _: left.pop(0), {"action": "x"}, quiet=True) == code
    assert left == []


def test_a_stage_that_is_not_deployed_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotCalled, match="make deploy"):
        find_stage("prod", tmp_path)


def test_the_functions_are_those_of_the_deployment(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:stack-Shops"
    resources = [{"name": "shops", "lambda_arn": arn}, {"name": "rest_api"}]
    (tmp_path / "prod.json").write_text(json.dumps({"resources": resources}))
    stage = find_stage("prod", tmp_path)
    assert stage.arns == {"shops": arn}
    with pytest.raises(NotCalled, match="no function watch"):
        stage.invoke("watch", {})
