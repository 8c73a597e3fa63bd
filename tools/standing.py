"""A stack that stands, with its secrets: what is common to turning any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import boto3

from chalicelib.settings import SECRETS_AGE
from tools import cloudformation
from tools.held_secret import HeldSecret, read_held

MARGIN = timedelta(seconds=1)
"""How much the clocks of those who write and read may differ."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stack that stands: the parameters of its template."""

    name: str
    parameters: Mapping[str, str]

    def read(self, parameter: str) -> HeldSecret:
        """The secret that this parameter of the template names. Raises SystemExit."""
        name = self.parameters.get(parameter)
        if not name:
            raise SystemExit(f"{self.name} is of a version without {parameter}: deploy this first.")
        return read_held(name)

    def known_from(self, moment: datetime) -> datetime:
        """When every function has read what was written at that moment: the next whole second,
        because that is how it is said.
        """
        age = self.parameters.get("SecretsAge") or SECRETS_AGE.seconds
        known = moment + timedelta(seconds=int(age)) + MARGIN
        return known.replace(microsecond=0) + timedelta(seconds=1)


def find_stack(name: str) -> Standing:
    """The stack of that name. Raises SystemExit when none stands."""
    found = cloudformation.find_standing(boto3.client("cloudformation"), name)
    if found is None:
        raise SystemExit(f"No stack {name} stands.")
    return Standing(name, found.parameters)


def refuse_second_turn(held: HeldSecret, secret: str) -> SystemExit:
    """The refusal of a turn while two values stand."""
    return SystemExit(
        f"{held.name} holds two values since {write_moment(held.since)}: retire the former one "
        f"before another turn, with\n  make retire SECRET={secret}"
    )


def refuse_to_retire_early(
    stack: Standing, secret: str, read: list[tuple[HeldSecret, tuple[str, ...]]]
) -> None:
    """Raises SystemExit when there is nothing to retire, or when some function may not have read
    the new value yet.
    """
    two = [held for held, values in read if len(values) > 1]
    if not two:
        raise SystemExit(
            f"There is one {secret} secret only, and nothing to retire. A new one is put in place "
            f"with\n  make turn SECRET={secret}"
        )
    known = max(stack.known_from(held.since) for held in two)
    if datetime.now(UTC) < known:
        raise SystemExit(
            f"Not every function has read the new {secret} secret yet: retire the former one after "
            f"{write_moment(known)}."
        )


def say_known(stack: Standing, what: str) -> str:
    """What was done just now, and when every function goes by it."""
    known = stack.known_from(datetime.now(UTC))
    return f"{what} It is in use everywhere from {write_moment(known)} on."


def write_moment(moment: datetime) -> str:
    """A moment as operators read it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
