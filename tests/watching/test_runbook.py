"""Every alarm has its section, and every command in it is one that there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import boto3
import pytest
from botocore import xform_name
from chalice.cli import cli

from tests.watching.runbook import (
    PARTS,
    RUNBOOK,
    Command,
    Invocation,
    list_commands,
    read_sections,
)
from tests.watching.watched_day import WatchedDay
from tools import deploy
from tools.build import ROOT

SECTIONS = read_sections()
ALARMS = [name for name, it in WatchedDay().watch.alarms.items() if it.get("AlarmActions")]
COMMANDS = list(list_commands(RUNBOOK.read_text()))
TURNED = ("app", "session", "fingerprint", "data", "asperion")
FUNCTIONS = {"api_handler", "webhook"} | set(
    re.findall(r'name="(\w+)"', (ROOT / "app.py").read_text())
)
OF_THE_CLI = {"--query", "--output"}


def others(program: str) -> list[Command]:
    return [each for each in COMMANDS if isinstance(each, Command) and each.words[0] == program]


def name(command: Command) -> str:
    return " ".join(command.words)[:90]


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_has_a_section_that_says_what_to_do_and_how_to_see_that_it_is_mended(
    alarm: str,
) -> None:
    text = SECTIONS[alarm]
    places = [text.index(f"**{part}**") for part in PARTS]
    assert places == sorted(places)
    do, mended = places[2], places[3]
    assert list(list_commands(text[do:mended])), "nothing to do"
    assert list(list_commands(text[mended:])), "nobody could see it"


def test_no_section_is_about_an_alarm_that_there_is_not() -> None:
    assert {each for each in SECTIONS if each.endswith("Alarm")} == set(ALARMS)


def test_every_command_is_of_a_program_that_is_known_here() -> None:
    programs = {each.words[0] for each in COMMANDS if isinstance(each, Command)}
    assert programs <= {"aws", "make", ".venv/bin/chalice", "bin/fleet"}
    assert sum(isinstance(each, Invocation) for each in COMMANDS) > len(ALARMS)


@pytest.mark.parametrize(
    "invocation", [each for each in COMMANDS if isinstance(each, Invocation)], ids=repr
)
def test_a_function_that_is_started_is_one_of_ours(invocation: Invocation) -> None:
    assert invocation.function in FUNCTIONS
    assert isinstance(invocation.given, dict)


@pytest.mark.parametrize("command", others(".venv/bin/chalice"), ids=name)
def test_chalices_own_commands_are_read_by_chalice(command: Command) -> None:
    group, words = cli.commands[command.words[1]], list(command.words[2:])
    context = group.make_context(command.words[1], words)
    assert context.params["name"] in FUNCTIONS


@pytest.mark.parametrize("command", others("make"), ids=name)
def test_a_target_of_make_is_there_and_takes_these_variables(command: Command) -> None:
    target, given = command.words[1], dict(word.split("=", 1) for word in command.words[2:])
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    if target == "deploy":
        assert given.pop("BUCKET")
        assert set(given) <= set(deploy.PARAMETERS)
    else:
        assert target in ("turn", "retire")
        assert given["SECRET"] in TURNED


@pytest.mark.parametrize("command", others("aws"), ids=name)
def test_a_call_of_aws_is_one_that_aws_takes(command: Command) -> None:
    service, operation, *words = command.words[1:]
    make: Any = boto3.client  # typed for each service by name
    model = make(service, region_name="eu-central-1").meta.service_model
    operations = {xform_name(each, "-"): each for each in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    known = {f"--{xform_name(each, '-')}": each for each in (shape.members if shape else {})}
    given = set()
    for option in _list_options(words):
        plain = option.replace("--no-", "--") if option not in known else option
        assert plain in known or option in OF_THE_CLI, f"{operation} has no {option}"
        given.add(known.get(plain))
    assert set(shape.required_members if shape else ()) <= given


def _list_options(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.startswith("--")]


def test_what_the_runbook_names_as_settings_are_settings() -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", RUNBOOK.read_text())) - {"INSUFFICIENT_DATA"}
    assert named <= set(deploy.PARAMETERS)
