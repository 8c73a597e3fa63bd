"""The pictures of the help pages, and how they are sent.

A picture goes out as text: an SVG with the picture in it, which browsers show like any other and
keep for ever. So no gateway on the way has to turn it back into bytes.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.pages.page_templates import TEMPLATES

PICTURES = TEMPLATES / "static" / "help"
LISTED = PICTURES / "pictures.json"
SUFFIX = ".svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPicture:
    """A picture as it was taken: its size in pixels of the page, the hash (hex) of the page that it
    shows, and the hash of the picture itself.
    """

    width: int
    height: int
    page: str
    content: str


@cache
def list_pictures(listed: Path = LISTED) -> dict[str, TakenPicture]:
    """The pictures that there are, by name; none before the first were taken."""
    if not listed.exists():
        return {}
    return msgspec.json.decode(listed.read_bytes(), type=dict[str, TakenPicture])


@cache
def draw_picture(name: str) -> str:
    """A picture as an SVG. Raises `KeyError` for a name that is none's."""
    taken = list_pictures()[name]
    content = base64.b64encode((PICTURES / f"{name}.webp").read_bytes()).decode()
    size = f'width="{taken.width}" height="{taken.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/webp;base64,{content}"/></svg>'
    )
