"""A profile: its declaration, and its template ready to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from chalicelib.axml.declaration import Declaration, PaymentCode, Quotes
from chalicelib.axml.notation import Notation
from chalicelib.axml.text import write_text
from chalicelib.axml.toml_file import read_toml
from chalicelib.errors import ProfileError

TEMPLATE = "orders.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A loaded profile. `official` says that the format is Asperion's own word for it; `payments`
    are the methods a merchant may choose from.
    """

    id: str
    official: bool
    payments: tuple[PaymentCode, ...]
    declaration: Declaration
    template: jinja2.Template = field(repr=False, compare=False)


def load_profile(directory: Path) -> Profile:
    """The profile in `directory` (``profile.toml`` and ``orders.xml``).

    Everything is checked here, once, before anything is sent. Raises `ProfileError`, naming file
    and line, for TOML that does not parse, a setting that is missing, unknown or out of range, and
    a template Jinja2 cannot compile. Callers keep the result: it costs some milliseconds.
    """
    path = directory / "profile.toml"
    declaration = read_toml(path, Declaration)
    return Profile(
        id=declaration.profile.id,
        official=declaration.profile.official,
        payments=declaration.payments,
        declaration=declaration,
        template=_compile_template(directory, declaration, Notation(declaration, path)),
    )


def _compile_template(
    directory: Path, declaration: Declaration, notation: Notation
) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(directory),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=partial(_write_value, declaration.text.typographic_quotes),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence=declaration.file.line_end,
        auto_reload=False,
    )
    environment.filters.update(notation.filters())
    try:
        return environment.get_template(TEMPLATE)
    except jinja2.TemplateSyntaxError as error:
        where = error.filename or str(directory / TEMPLATE)
        raise ProfileError(f"{where}, line {error.lineno}: {error.message}") from error
    except (jinja2.TemplateError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{directory / TEMPLATE}, line 1: the template cannot be read ({error})"
        ) from error


def _write_value(quotes: Quotes, value: Any) -> Any:
    """What is written for the value of an expression; None stands for "there is none"."""
    if isinstance(value, Markup | jinja2.Undefined) or type(value) is int:
        return value
    if isinstance(value, str):
        return write_text(value, quotes)
    if value is None:
        return ""
    raise TypeError(f"the value is a {type(value).__name__}: only a filter can write it")
