"""Turns the secret of the client id at Asperion, which Asperion gives."""

from __future__ import annotations

from chalicelib.adapters.secret_values import read_given_secrets
from tools.held_secret import write_values
from tools.standing import Standing, refuse_second_turn, refuse_to_retire_early, say_known
from tools.typed_secret import ask_for, refuse_command_line

NEW_SECRET = "NEW_ASPERION_SECRET"
PARAMETER = "AsperionSecretParameter"


def turn_asperion(stack: Standing) -> str:
    """Put a new secret of the client in place."""
    held = stack.read(PARAMETER)
    present = read_given_secrets(held.text, held.name)
    new = _ask_for_secret()
    if len(present) > 1:
        raise refuse_second_turn(held, "asperion")
    if new == present[0]:
        raise SystemExit("This is the present secret: nothing to turn.")
    write_values(held, [new, *present])
    known = say_known(stack, "The client's new secret stands before the present one.")
    return f"{known} Once Asperion takes it:\n  make retire SECRET=asperion"


def retire_asperion(stack: Standing) -> str:
    """Retire the former secret of the client."""
    held = stack.read(PARAMETER)
    values = read_given_secrets(held.text, held.name)
    refuse_to_retire_early(stack, "asperion", [(held, values)])
    write_values(held, values[:1])
    return (
        "The client's former secret is not tried any more. If Asperion does not take the new one, "
        "no access to Asperion is renewed: put the former one in place again at once, with "
        "make turn SECRET=asperion"
    )


def _ask_for_secret() -> str:
    """The new secret. Raises SystemExit when it is on the command line, or unusable."""
    refuse_command_line([NEW_SECRET], NEW_SECRET)
    text = ask_for(NEW_SECRET, "New secret: ", where=f"Give the new secret in {NEW_SECRET}.")
    values = read_given_secrets(text, NEW_SECRET)
    if len(values) != 1:
        raise SystemExit(f"{NEW_SECRET} is one value.")
    return values[0]
