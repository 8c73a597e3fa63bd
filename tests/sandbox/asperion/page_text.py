"""Reading pages as a person does: words without markup, tables by cell."""

import re
from collections.abc import Iterator
from html import unescape


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(html: str) -> Iterator[list[str]]:
    """The figure's own cells of the invoice list, row by row, the total row last."""
    for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL):
        cells = re.findall(r'<t[dh][^>]*data-col="\w+"[^>]*>(.*?)</t[dh]>', row, re.DOTALL)
        if cells:
            yield [text(cell) for cell in cells]
