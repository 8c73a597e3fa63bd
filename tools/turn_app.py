"""Turns the SEOshop app's key and secret, which SEOshop gives."""

from __future__ import annotations

import os

from chalicelib.adapters.secret_values import read_secrets, read_values
from tools.held_secret import write_values
from tools.standing import (
    Standing,
    refuse_second_turn,
    refuse_to_retire_early,
    say_known,
)
from tools.typed_secret import ask_for, refuse_command_line

NEW_KEY, NEW_SECRET = "NEW_APP_KEY", "NEW_APP_SECRET"


def turn_app(stack: Standing) -> str:
    """Put the app's new key and secret in place. What was begun with the same values is completed:
    the two cannot be written at one stroke.
    """
    held_key, held_secret = stack.read("AppKeyParameter"), stack.read("AppSecretParameter")
    keys, app_secrets = (
        read_values(held_key.text, held_key.name),
        read_secrets(held_secret.text, held_secret.name),
    )
    new_key, new_secret = _ask_for_app(keys[0])
    if (new_key, new_secret) == (keys[0], app_secrets[0]) and len(keys + app_secrets) == 2:
        raise SystemExit("This is the present key and secret: nothing to turn.")
    for held, values, new in ((held_secret, app_secrets, new_secret), (held_key, keys, new_key)):
        if len(values) > 1 and values[0] != new:
            raise refuse_second_turn(held, "app")
    for held, values, new in ((held_secret, app_secrets, new_secret), (held_key, keys, new_key)):
        if values[0] != new:
            write_values(held, [new, *values])
    known = say_known(stack, "The app's new key and secret stand before the present ones.")
    return (
        f"{known} Then make them current at SEOshop, and once SEOshop has done so:\n"
        "  make retire SECRET=app"
    )


def retire_app(stack: Standing) -> str:
    """Retire the app's former key and secret."""
    held_key, held_secret = stack.read("AppKeyParameter"), stack.read("AppSecretParameter")
    keys, app_secrets = (
        read_values(held_key.text, held_key.name),
        read_secrets(held_secret.text, held_secret.name),
    )
    refuse_to_retire_early(stack, "app", [(held_key, keys), (held_secret, app_secrets)])
    for held, values in ((held_key, keys), (held_secret, app_secrets)):
        if len(values) > 1:
            write_values(held, values[:1])
    return (
        "The app's former key and secret count no more: SEOshop's calls that are signed with them "
        "are refused. If SEOshop still uses them, put them in place again at once: "
        "make turn SECRET=app"
    )


def _ask_for_app(present_key: str) -> tuple[str, str]:
    """The new key (the present one when none is given) and secret, from the environment or typed.
    Raises SystemExit when they are on the command line, or unusable.
    """
    refuse_command_line([NEW_KEY, NEW_SECRET], NEW_SECRET)
    where = f"Give the new key and secret in {NEW_KEY} and {NEW_SECRET}."
    is_half_given = bool(os.environ.get(NEW_SECRET)) and not os.environ.get(NEW_KEY)
    question = "New key (empty: it stays): "
    key = "" if is_half_given else ask_for(NEW_KEY, question, where=where, is_secret=False)
    secret = ask_for(NEW_SECRET, "New secret: ", where=where)
    new_key = key.strip() or present_key
    values = (*read_values(new_key, NEW_KEY), *read_secrets(secret, NEW_SECRET))
    if len(values) != 2:
        raise SystemExit(f"{NEW_KEY} and {NEW_SECRET} are one value each.")
    return new_key, values[1]
