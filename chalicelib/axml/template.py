"""The Jinja2 side of a profile: compiling its template and running it.

Whatever goes wrong in a template becomes a `ProfileError` with the template's file and line.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from chalicelib.axml.declaration import Declaration, Quotes
from chalicelib.axml.text import write_text
from chalicelib.errors import ProfileError, RenderedWrong

TEMPLATE = "orders.xml"
_LAST_NAME = re.compile(r"(?:element|attribute) ['\"]?(.*?)['\"]?$")


def compile_template(
    directory: Path, declaration: Declaration, filters: Mapping[str, Callable[..., str]]
) -> jinja2.Template:
    """The profile's ``orders.xml``, compiled; it may use `filters` and Jinja2's own. Raises
    `ProfileError` with file and line.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(directory),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_make_finalizer(declaration.text.typographic_quotes),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence=declaration.file.line_end,
        auto_reload=False,
    )
    environment.filters.update(filters)
    try:
        return environment.get_template(TEMPLATE)
    except jinja2.TemplateSyntaxError as error:
        where = error.filename or str(directory / TEMPLATE)
        raise ProfileError(f"{where}, line {error.lineno}: {error.message}") from error
    except (jinja2.TemplateError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{directory / TEMPLATE}, line 1: the template cannot be read ({error})"
        ) from error


def run_template(template: jinja2.Template, values: Mapping[str, object]) -> str:
    """The template filled in. Raises `ProfileError` with the file and line that went wrong, and
    `RenderedWrong` as a filter does.
    """
    try:
        return template.render(values)
    except (ProfileError, RenderedWrong):
        raise
    except Exception as error:
        # A template can raise anything; all of it means the same: this profile does not work.
        # The cause is left behind, for its text may quote data.
        raise ProfileError(_locate(template, error)) from None


def _make_finalizer(quotes: Quotes) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        """What is written for the value of an expression; None stands for "there is none"."""
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return write_text(value, quotes)
        if isinstance(value, jinja2.Undefined) or type(value) is int:
            return value
        if value is None:
            return ""
        raise TypeError(f"the value is a {type(value).__name__}: only a filter can write it")

    return finalize


def _locate(template: jinja2.Template, error: Exception) -> str:
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
    return f"{place.filename}, line {place.lineno}: {_give_reason(error, place.line or '')}"


def _give_reason(error: Exception, line: str) -> str:
    """The error's text where it is about types, or a name that stands in the template's line; a
    key computed from an order is data, and stays out of messages.
    """
    if isinstance(error, jinja2.UndefinedError):
        name = _LAST_NAME.search(str(error))
        if name and name[1] not in line:
            return "a value of this order is not in a table of the template"
        return str(error)
    return str(error) if isinstance(error, TypeError) else type(error).__name__
