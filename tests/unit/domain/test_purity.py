"""The heart: no float, no clock, no I/O. By reading its source, and by running it under guard."""

from __future__ import annotations

import ast
import dataclasses
from decimal import Decimal, FloatOperation, localcontext
from pathlib import Path

import pytest

from chalicelib.domain.judgement import judge
from chalicelib.domain.orders import Order
from tests.fakes.documents_of_shop import charge, order, order_line, tax, terms

HEART = Path(__file__).parents[3] / "chalicelib/domain"
MODULES = sorted(HEART.glob("*.py"))

DIVISIONS = {  # where amounts (Decimal, never int) are divided
    ("rate_bases.py", "derive_bases"),
    ("lines.py", "_set_unit_price"),
    ("drafts.py", "_share_taxes"),
    ("rounding.py", "_find_price_in_cents"),
    ("distance_sales.py", "percent"),
    ("distance_sales.py", "expected"),
    ("distance_sales.py", "passes_on"),
}
OUTSIDE = {"time", "os", "io", "random", "secrets", "socket", "pathlib", "subprocess", "logging"}
CLOCKS = {"now", "today", "utcnow", "monotonic", "perf_counter"}


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def divisions(module: Path) -> set[tuple[str, str]]:
    found = set()
    for function in ast.walk(tree(module)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
                    found.add((module.name, function.name))
    return found


def count_divisions(node: ast.AST) -> int:
    return sum(isinstance(one, ast.Div) for one in ast.walk(node))


def test_there_is_a_heart_to_look_at() -> None:
    assert {"money.py", "vat.py", "judgement.py", "lines.py"} <= {one.name for one in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.name)
def test_no_module_of_the_heart_names_or_writes_a_float(module: Path) -> None:
    for node in ast.walk(tree(module)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        assert not (isinstance(node, ast.Name) and node.id in {"float", "complex", "round"})
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & {"math", "statistics", "cmath"}
        if isinstance(node, ast.ImportFrom):
            assert node.module not in {"math", "statistics", "cmath"}


def test_only_amounts_are_divided() -> None:
    assert set().union(*map(divisions, MODULES)) == DIVISIONS
    assert sum(count_divisions(tree(module)) for module in MODULES) == 10


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.name)
def test_no_module_of_the_heart_reaches_for_clock_or_machine(module: Path) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            assert not {alias.name.partition(".")[0] for alias in node.names} & OUTSIDE
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in OUTSIDE
        if isinstance(node, ast.Call):
            name = node.func
            called = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
            assert called not in CLOCKS | {"open", "print", "input"}
            assert called not in {"total_seconds", "as_integer_ratio"}  # the first gives a float


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.name)
def test_a_module_of_the_heart_fits_one_screenful_of_thought(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) < 250


def floats_in(thing: object) -> list[object]:
    if isinstance(thing, float):
        return [thing]
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        parts = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    elif isinstance(thing, tuple | list | frozenset | set):
        parts = list(thing)
    elif hasattr(thing, "items"):
        parts = [part for pair in thing.items() for part in pair]
    else:
        return []
    return [found for part in parts for found in floats_in(part)]


@pytest.mark.parametrize(
    "sold",
    [
        order(order_line("14.95", quantity=7, discount="3.33"), payment=charge("0.50")),
        order(
            order_line("24.20"),
            shipment=charge(
                "6.00",
                price_excl=Decimal("5.20"),
                tax_rates=(tax("0.21", "0.5702"), tax("0.09", "0.2236")),
            ),
        ),
        order(order_line("49.95"), price_incl=Decimal("49.96")),
        order(order_line("49.95"), price_incl=Decimal("59.95")),
        order(order_line("10.70", "0.07")),
    ],
)
def test_no_float_comes_out_and_none_meets_a_decimal_on_the_way(sold: Order) -> None:
    with localcontext() as context:
        context.traps[FloatOperation] = True
        verdict = judge(sold, terms())
    assert floats_in(verdict) == []
    assert floats_in([{"a": (1.5,)}]) == [1.5]
