"""What nobody knows of the real API, as switches: each has a value to start with and others."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

CHOICES: Mapping[str, tuple[str, ...]] = {
    "description_filter": ("contains", "equals"),
    "text_filter": ("contains", "equals"),
    "deletion": ("off", "on"),
    "validate_only": ("object", "empty"),
    "lines_form": ("data", "either"),
    "line_amounts": ("excl", "incl"),
    "debtor_field": ("number", "either"),
    "rotation": ("rotates", "keeps", "repeats"),
    "refresh_tokens": ("always", "offline_access", "never"),
    "pkce": ("required", "optional", "ignored"),
    "foreign_administration": ("403", "404"),
    "revocation": ("off", "on"),
    "debtor_kinds": ("off", "on"),
}
"""The values of each switch, the first one being the one to start with.

description_filter, text_filter: how `Description` and the texts of debtors are compared, in any
capitals. deletion: whether a concept can be deleted; off answers 405. validate_only: what a check
that finds nothing answers: 200 with the object, without an id, or 204. lines_form: whether lines
come as {"_data": [...]} only, or also as a plain list. line_amounts: whether a line's amount is
without VAT or with it. debtor_field: whether an invoice names its debtor by debtorCustomerNumber
only, or also by debtorId. rotation: a used refresh token is replaced
and dies, stays without being sent again, or stays and is sent again. refresh_tokens: whether one
is given always, for the scope offline_access, or never. pkce: whether a challenge is demanded,
checked when it is there, or not read. foreign_administration: the status for one that is not the
user's. revocation: whether tokens can be given back at /connect/revocation. debtor_kinds: whether
there is a list of them at /v1/debtorkinds.
"""

NUMBERS: Mapping[str, int] = {
    "token_life": 3600,
    "refresh_life": 30 * 24 * 3600,
    "code_life": 60,
    "page_size": 100,
    "largest_page": 500,
}
"""Lives in seconds of access tokens, refresh tokens and codes; objects on a page of a list, unless
another size is asked for, and at most.
"""


class UnknownGuess(ValueError):
    """A switch, or a value of one, that is not there; the message names what is."""


@dataclass
class Guesses:
    """The values of all switches."""

    description_filter: str = "contains"
    text_filter: str = "contains"
    deletion: str = "off"
    validate_only: str = "object"
    lines_form: str = "data"
    line_amounts: str = "excl"
    debtor_field: str = "number"
    rotation: str = "rotates"
    refresh_tokens: str = "always"
    pkce: str = "required"
    foreign_administration: str = "403"
    revocation: str = "off"
    debtor_kinds: str = "off"
    token_life: int = NUMBERS["token_life"]
    refresh_life: int = NUMBERS["refresh_life"]
    code_life: int = NUMBERS["code_life"]
    page_size: int = NUMBERS["page_size"]
    largest_page: int = NUMBERS["largest_page"]

    def switch(self, wanted: object) -> None:
        """Set some switches by name. Raises UnknownGuess, setting none."""
        if not isinstance(wanted, Mapping):
            raise UnknownGuess("switches come as an object")
        for name, value in wanted.items():
            _check_switch(name, value)
        for name, value in wanted.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Set all switches to what they start with."""
        for each in fields(self):
            setattr(self, each.name, each.default)


def _check_switch(name: object, value: object) -> None:
    if name in NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UnknownGuess(f"{name} must be a whole number of 1 or more")
    elif name not in CHOICES:
        raise UnknownGuess(f"switches: {', '.join([*CHOICES, *NUMBERS])}")
    elif value not in CHOICES[str(name)]:
        raise UnknownGuess(f"{name} must be one of: {', '.join(CHOICES[str(name)])}")
