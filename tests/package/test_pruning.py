"""What leaves the dependencies is what nothing in the zip imports or reads."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from tools.build import ROOT


def list_imports(module: Path) -> set[tuple[str, str]]:
    """Every import of a module, wherever it stands but under TYPE_CHECKING: module and name."""
    tree = ast.parse(module.read_text())
    typed = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in node.body
        for inner in ast.walk(part)
    }
    found: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        if node in typed:
            continue
        if isinstance(node, ast.Import):
            found |= {(each.name, "") for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, each.name) for each in node.names}
    return found


def test_all_that_our_code_imports_is_in_it(run: Any) -> None:
    modules = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    wanted = sorted(set().union(*map(list_imports, modules)))
    missing = run(f"""
import importlib, json
missing = []
for module, name in {wanted!r}:
    try:
        found = importlib.import_module(module)
        if name and not hasattr(found, name):
            importlib.import_module(f"{{module}}.{{name}}")
    except ImportError as error:
        missing.append(str(error))
print(json.dumps(missing))
""")
    assert missing == []


def test_vat_numbers_of_every_state_can_be_checked(run: Any) -> None:
    code = """
import json
from stdnum.eu import vat
from stdnum.gb import vat as british
numbers = ["ATU13585627", "BE0403019261", "DE136695976", "FR40303265045", "NL004495445B01"]
wrong = [state for state in sorted(vat.MEMBER_STATES) if vat.is_valid(f"{state}1")]
print(json.dumps([wrong, len(vat.MEMBER_STATES), [vat.is_valid(each) for each in numbers],
                  british.is_valid("GB980780684")]))
"""
    assert run(code) == [[], 28, [True] * 5, True]


def test_the_time_zone_of_the_day_is_in_it_without_the_machines_own(run: Any) -> None:
    code = "import json, zoneinfo; zoneinfo.reset_tzpath([]); "
    code += "print(json.dumps([str(zoneinfo.ZoneInfo(n)) for n in ('Europe/Amsterdam', 'UTC')]))"
    assert run(code) == ["Europe/Amsterdam", "UTC"]
