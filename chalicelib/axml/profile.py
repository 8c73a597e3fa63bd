"""A profile: its declaration, and its template ready to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Template

from chalicelib.axml.declaration import Declaration, PaymentCode
from chalicelib.axml.notation import Notation
from chalicelib.axml.template import compile_template
from chalicelib.axml.toml_file import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A loaded profile. `official` says that the format is Asperion's own word for it; `payments`
    are the methods a merchant may choose from.
    """

    id: str
    official: bool
    payments: tuple[PaymentCode, ...]
    declaration: Declaration
    template: Template = field(repr=False, compare=False)


def load_profile(directory: Path) -> Profile:
    """The profile in `directory` (``profile.toml`` and ``orders.xml``).

    Everything is checked here, once, before anything is sent. Raises `ProfileError`, naming file
    and line, for TOML that does not parse, a setting that is missing, unknown or out of range, and
    a template Jinja2 cannot compile. Callers keep the result: it costs some milliseconds.
    """
    path = directory / "profile.toml"
    declaration = read_toml(path, Declaration)
    template = compile_template(directory, declaration, Notation(declaration, path).filters())
    return Profile(
        id=declaration.profile.id,
        official=declaration.profile.official,
        payments=declaration.payments,
        declaration=declaration,
        template=template,
    )
