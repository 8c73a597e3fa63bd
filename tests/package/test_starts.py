"""A function starts without what its calls may never need."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tools.bench_starts import list_handlers
from tools.build import ROOT

OF_FEW_CALLS = {"botocore.config", "boto3", "stdnum", "email.policy", "s3transfer"}
HTTP = {"requests", "urllib3", "chalicelib.adapters.seoshop.client", "chalicelib.adapters.asperion"}
PROFILES = {"jinja2", "chalicelib.axml"}
WATCH = {"chalicelib.usecases.afterwards.watch", "chalicelib.usecases.operating.morning_mail"}


@pytest.mark.parametrize(
    ("module", "apart"),
    [
        ("hook", HTTP | PROFILES | {"chalicelib.bootstrap"}),
        ("entries.nightly", HTTP | PROFILES | {"chalicelib.bootstrap"}),
        ("entries.report", HTTP | PROFILES | {"chalicelib.bootstrap"}),
        ("entries.pages", HTTP),
        ("entries.export_messages", HTTP | WATCH),
        ("entries.operator_shops", HTTP | PROFILES),
        ("entries.operator_backfill", HTTP | PROFILES),
        ("entries.operator_behaviours", HTTP),
        ("entries.operator_rerun", HTTP),
    ],
)
def test_a_function_starts_without_what_its_calls_may_never_need(
    run: Any, module: str, apart: set[str]
) -> None:
    code = f"import json, sys, app, chalicelib.{module}; print(json.dumps(sorted(sys.modules)))"

    loaded = set(run(code))

    assert f"chalicelib.{module}" in loaded
    assert sorted(loaded & (apart | OF_FEW_CALLS)) == []


def test_the_benchmark_knows_every_handler() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    imported = {
        f"{node.module}.{each.name}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }

    assert imported
    assert imported == {code.removeprefix("import app, ") for _, code, _, _ in list_handlers()}


def test_no_module_compiles_a_pattern_when_it_is_imported() -> None:
    modules = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    compiling = [str(each.relative_to(ROOT)) for each in modules if compiles_pattern(each)]

    assert compiling == []


def compiles_pattern(module: Path) -> bool:
    tree = ast.parse(module.read_text())
    in_functions = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
    }
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        for node in ast.walk(tree)
        if node not in in_functions
    )
