"""Every stage has a stack, tables and secrets of its own."""

from __future__ import annotations

import pytest
import yaml

from tools.build import ROOT
from tools.stages import OWN_NAMES, STAGES, find_stack_name, list_own_names


def test_no_two_stages_share_a_name() -> None:
    stacks = [find_stack_name(stage) for stage in STAGES]
    names = [name for stack in stacks for name in list_own_names(stack).values()]

    assert stacks == ["seoshop-asperion", "seoshop-asperion-acceptance", "seoshop-asperion-local"]
    assert len(set(names)) == len(STAGES) * len(OWN_NAMES)


def test_prod_has_the_names_that_the_template_gives() -> None:
    """A stack that stood before there were stages keeps what it has."""
    parameters = yaml.safe_load((ROOT / ".chalice" / "resources.yaml").read_text())["Parameters"]
    for parameter, name in list_own_names(find_stack_name("prod")).items():
        assert parameters[parameter]["Default"] == name


def test_all_that_names_a_secret_is_the_stages_own() -> None:
    parameters = yaml.safe_load((ROOT / ".chalice" / "resources.yaml").read_text())["Parameters"]
    named = {
        name for name, each in parameters.items() if str(each.get("Default", "")).startswith("/")
    }
    assert named | {"TablePrefix"} == set(OWN_NAMES)


def test_a_stack_of_another_name_can_be_chosen_and_no_other_stage() -> None:
    assert find_stack_name("acceptance", "mine") == "mine"
    with pytest.raises(SystemExit, match="choose one of prod, acceptance, local"):
        find_stack_name("production")
