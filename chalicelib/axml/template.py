"""The Jinja2 side of a profile: compiling its template and running it.

Whatever goes wrong in a template becomes a `ProfileError` with the template's file and line.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
)
from markupsafe import Markup

from chalicelib.axml.text import Quotes, spelled
from chalicelib.errors import ProfileError

TEMPLATE = "orders.xml"


def compile_template(directory: Path, *, quotes: Quotes, newline: str) -> Template:
    """The profile's ``orders.xml``, compiled. Raises `ProfileError` with file and line."""
    environment = Environment(
        loader=FileSystemLoader(directory),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalizer(quotes),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\r\n" if newline == "\r\n" else "\n",
        auto_reload=False,
    )
    try:
        return environment.get_template(TEMPLATE)
    except TemplateSyntaxError as error:
        where = error.filename or str(directory / TEMPLATE)
        raise ProfileError(f"{where}, line {error.lineno}: {error.message}") from error
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{directory / TEMPLATE}, line 1: the template cannot be read ({error})"
        ) from error


def run_template(template: Template, slots: dict[str, Any]) -> str:
    """The template filled in. Raises `ProfileError` with the file and line that went wrong."""
    try:
        return template.render(slots)
    except Exception as error:
        # A template can raise anything; all of it means the same: this profile does not work.
        # The cause is left behind, for its text may quote data.
        raise ProfileError(f"{_place(template, error)}: {_reason(error)}") from None


def _finalizer(quotes: Quotes) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return spelled(value, quotes)
        if isinstance(value, Undefined) or type(value) is int:
            return value
        raise TypeError(f"a slot holds a {type(value).__name__}, which has no notation of its own")

    return finalize


def _place(template: Template, error: Exception) -> str:
    folder = str(Path(template.filename or TEMPLATE).parent)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if str(Path(frame.filename).parent) == folder
    ]
    if not frames:
        return str(template.filename)
    return f"{frames[-1].filename}, line {frames[-1].lineno}"


def _reason(error: Exception) -> str:
    """The error's kind, and its text where that is about names in the template, not data."""
    if isinstance(error, UndefinedError) and "has no element" in str(error):
        return "a table of the template has no row for this order's value"
    if isinstance(error, (TemplateError, TypeError)):
        return str(error)
    return type(error).__name__
