"""Workbooks (Office Open XML) as a spreadsheet program reads them: by the files in the zip."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

Value = str | float | tuple[str, float] | None

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def read_workbook(content: bytes) -> dict[str, list[list[Value]]]:
    """The rows of each sheet, by the sheets' names; a formula is it and its value. Blank rows are
    empty lists.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        names = [each.get("name", "") for each in _find(packed, "xl/workbook.xml", "sheet")]
        items = _find(packed, "xl/sharedStrings.xml", "si")
        shared = ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in items]
        return {
            name: _read_sheet(packed, f"xl/worksheets/sheet{at}.xml", shared)
            for at, name in enumerate(names, 1)
        }


def _find(packed: zipfile.ZipFile, path: str, tag: str) -> list[Element]:
    return list(fromstring(packed.read(path)).iter(f"{_MAIN}{tag}"))


def _read_sheet(packed: zipfile.ZipFile, path: str, shared: list[str]) -> list[list[Value]]:
    found: dict[tuple[int, int], Value] = {}
    for cell in _find(packed, path, "c"):
        match = _PLACE.fullmatch(cell.get("r", ""))
        assert match is not None
        column = sum((ord(c) - 64) * 26**at for at, c in enumerate(reversed(match[1])))
        found[int(match[2]), column] = _read_cell(cell, shared)
    last = max((at for at, _ in found), default=0)
    widths = {at: max(c for row, c in found if row == at) for at, _ in found}
    return [
        [found.get((at, column)) for column in range(1, widths.get(at, 0) + 1)]
        for at in range(1, last + 1)
    ]


def _read_cell(cell: Element, shared: list[str]) -> Value:
    value, formula = cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f")
    if value is None:
        return None
    if cell.get("t") == "s":
        return shared[int(value.text or "")]
    number = float(value.text or "")
    return number if formula is None else (formula.text or "", number)
