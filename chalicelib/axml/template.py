"""The Jinja2 side of a profile: compiling its template and running it.

Whatever goes wrong in a template becomes a `ProfileError` with the template's file and line.
"""

from __future__ import annotations

import re
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
_LAST_NAME = re.compile(r"(?:element|attribute) ['\"]?(.*?)['\"]?$")


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
        raise ProfileError(_told(template, error)) from None


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


def _told(template: Template, error: Exception) -> str:
    """File, line and reason of an error in a running template."""
    folder = Path(template.filename or TEMPLATE).parent
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent == folder
    ]
    if not frames:
        return f"{template.filename}: {type(error).__name__}"
    place = frames[-1]
    return f"{place.filename}, line {place.lineno}: {_reason(error, place.line or '')}"


def _reason(error: Exception, line: str) -> str:
    """The error's text where it is about types, or a name that stands in the template's line; a
    key computed from an order is data, and stays out of messages.
    """
    if isinstance(error, UndefinedError):
        name = _LAST_NAME.search(str(error))
        if name and name[1] not in line:
            return "a value of this order is not in a table of the template"
        return str(error)
    return str(error) if isinstance(error, TypeError) else type(error).__name__
