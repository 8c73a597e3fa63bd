"""Turns a secret of a stack that stands: ``make turn SECRET=…`` puts a new value before the present
one, ``make retire SECRET=…`` takes the former one away.

``python -m tools.turn turn|retire SECRET --stage STAGE``; ``--stage local`` is the stack that
``make up`` has put up. No value is ever taken from the command line, or shown.
"""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.adapters.secret_values import read_secrets
from chalicelib.errors import SettingsError
from tools import local
from tools.held_secret import write_values
from tools.preflight import plain_words
from tools.stages import find_stack_name
from tools.standing import (
    Standing,
    find_stack,
    refuse_second_turn,
    refuse_to_retire_early,
    say_known,
    write_moment,
)
from tools.turn_app import retire_app, turn_app
from tools.turn_asperion import retire_asperion, turn_asperion
from tools.turn_data import retire_data, turn_data


def turn_session(stack: Standing) -> str:
    """Put a new session secret in place."""
    known = _turn_random(stack, "SessionSecretParameter", "session")
    return (
        f"{known} Sessions of before go on. Half an hour later none needs the former value:\n"
        "  make retire SECRET=session"
    )


def retire_session(stack: Standing) -> str:
    """Retire the former session secret."""
    since = _retire_random(stack, "SessionSecretParameter", "session")
    return (
        f"The former session secret counts no more. A merchant who has looked at no page since "
        f"{write_moment(since)} opens the app from the AppCenter again."
    )


def turn_fingerprint(stack: Standing) -> str:
    """Put a new fingerprint secret in place."""
    known = _turn_random(stack, "FingerprintSecretParameter", "fingerprint")
    return (
        f"{known} What was booked before is compared still. Keep both for as long as late changes "
        "of it matter, and until the next nightly watch has given the seats of bookkeepers their "
        "new names; then:\n  make retire SECRET=fingerprint"
    )


def retire_fingerprint(stack: Standing) -> str:
    """Retire the former fingerprint secret."""
    since = _retire_random(stack, "FingerprintSecretParameter", "fingerprint")
    return (
        "The former fingerprint secret counts no more. What was booked before "
        f"{write_moment(since)} is no longer compared: its later changes are not seen, except "
        "refunds, and a correction of it is held for a person. A file of before whose answer was "
        "lost waits for a person as well."
    )


def _turn_random(stack: Standing, parameter: str, secret: str) -> str:
    held = stack.read(parameter)
    present = read_secrets(held.text, held.name)
    if len(present) > 1:
        raise refuse_second_turn(held, secret)
    write_values(held, [secrets.token_hex(32), *present])
    return say_known(stack, f"A new {secret} secret stands before the present one in {held.name}.")


def _retire_random(stack: Standing, parameter: str, secret: str) -> datetime:
    """Returns when the new value was put in place."""
    held = stack.read(parameter)
    values = read_secrets(held.text, held.name)
    refuse_to_retire_early(stack, secret, [(held, values)])
    write_values(held, values[:1])
    return held.since


TURN: Mapping[str, Callable[[Standing], str]] = {
    "app": turn_app,
    "session": turn_session,
    "fingerprint": turn_fingerprint,
    "data": turn_data,
    "asperion": turn_asperion,
}
RETIRE: Mapping[str, Callable[[Standing], str]] = {
    "app": retire_app,
    "session": retire_session,
    "fingerprint": retire_fingerprint,
    "data": retire_data,
    "asperion": retire_asperion,
}
"""By the name of a secret, what turns it and what retires its former value; both say what they did,
or raise SystemExit saying why they did nothing.
"""


def main() -> None:
    """Turn or retire from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("turn", "retire"))
    parser.add_argument("secret")
    parser.add_argument("--stack", default="", help="unless it is the stage's own")
    parser.add_argument("--stage", default="prod", help="local: the stack of make up")
    given = parser.parse_args()
    does = (TURN if given.what == "turn" else RETIRE).get(given.secret)
    if does is None:
        raise SystemExit(f"Say which: make {given.what} SECRET={'|'.join(TURN)}")
    stack = find_stack_name(given.stage, given.stack)
    if given.stage == "local":
        up = local.load(local.find_folder(os.environ))
        os.environ.update(local.aws_environment(up.aws_endpoint))
    try:
        with plain_words():
            print(does(find_stack(stack)))
    except SettingsError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
