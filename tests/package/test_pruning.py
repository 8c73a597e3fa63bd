"""What leaves the dependencies is what nothing in the zip imports or reads."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import stdnum
from botocore import xform_name
from stdnum.eu import vat
from stdnum.util import get_cc_module

from tools.build import ROOT
from tools.pruning import NUMBERS, OPERATIONS, PAGINATORS


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
from stdnum.util import get_cc_module
numbers = ["ATU13585627", "BE0403019261", "DE136695976", "FR40303265045", "NL004495445B01"]
folders = [{"xi": "gb"}.get(state, state) for state in sorted(vat.MEMBER_STATES)]
missing = [state for state in folders if get_cc_module(state, "vat") is None]
print(json.dumps([missing, len(vat.MEMBER_STATES), [vat.is_valid(each) for each in numbers],
                  british.is_valid("GB980780684")]))
"""
    assert run(code) == [[], 28, [True] * 5, True]


def test_of_stdnum_stays_what_the_modules_of_vat_numbers_import() -> None:
    states = [{"xi": "gb"}.get(state, state) for state in vat.MEMBER_STATES]
    needed: set[str] = set()
    for name in ("exceptions", "util", "eu.vat", *states):
        _add_with_imports(f"stdnum.{name}", needed)
    for state in states:
        module = get_cc_module(state, "vat")
        assert module is not None
        _add_with_imports(module.__name__, needed)
    kept = {
        ".".join(part for part in ("stdnum", folder, module) if part)
        for folder, modules in NUMBERS.items()
        for module in modules.split()
    }
    assert kept - {"stdnum.__init__"} == {name for name in needed if not _is_package(name)}


def _add_with_imports(name: str, found: set[str]) -> None:
    """This module of stdnum, and all of it that is imported with it."""
    if name in found or name == "stdnum" or not _find(name).exists():
        return
    found.add(name)
    _add_with_imports(name.rpartition(".")[0], found)
    body = ast.parse(_find(name).read_text()).body
    for node in body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("stdnum"):
            for each in (str(node.module), *(f"{node.module}.{one.name}" for one in node.names)):
                _add_with_imports(each, found)


def _find(name: str) -> Path:
    module = Path(stdnum.__file__).parents[1].joinpath(*name.split("."))
    return module / "__init__.py" if module.is_dir() else module.with_suffix(".py")


def _is_package(name: str) -> bool:
    return _find(name).name == "__init__.py"


def test_what_is_read_by_pages_can_be_in_the_package(run: Any) -> None:
    asked = [(service, xform_name(one)) for service, names in PAGINATORS.items() for one in names]
    code = f"""
import json
from botocore.session import get_session
session = get_session()
print(json.dumps([session.create_client(service).can_paginate(name) for service, name in {asked}]))
"""
    assert run(code) == [True] * len(asked)


def test_every_call_that_is_made_can_be_in_the_package(run: Any) -> None:
    code = f"""
import json
from botocore.session import get_session
session = get_session()
print(json.dumps({{
    service: sorted(session.create_client(service).meta.service_model.operation_names)
    for service in {sorted(OPERATIONS)}
}}))
"""
    assert run(code) == {service: sorted(names) for service, names in OPERATIONS.items()}


def test_the_time_zone_of_the_day_is_in_it_without_the_machines_own(run: Any) -> None:
    code = "import json, zoneinfo; zoneinfo.reset_tzpath([]); "
    code += "print(json.dumps([str(zoneinfo.ZoneInfo(n)) for n in ('Europe/Amsterdam', 'UTC')]))"
    assert run(code) == ["Europe/Amsterdam", "UTC"]
