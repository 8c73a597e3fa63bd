"""Which AWS calls stand in the code: what is called of something that is named a client."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botocore import xform_name
from botocore.session import Session

from tools.build import ROOT
from tools.pruning import OPERATIONS

Call = tuple[str, str]
"""Where it stands, such as ``chalicelib/adapters/sqs.py:57``, and the operation."""


def list_client_calls() -> list[Call]:
    """Every operation of AWS that a client is called by, those too that a paginator calls."""
    names = _list_methods()
    found = [
        (place, names[call.func.attr])
        for place, call in _list_calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in names
        and "client" in ast.unparse(call.func.value).lower()
    ]
    return found + list_paginators()


def list_paginators() -> list[Call]:
    """Every operation of which a client is asked for a paginator."""
    names = _list_methods()
    return [
        (place, names[ast.literal_eval(call.args[0])])
        for place, call in _list_calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get_paginator"
    ]


def _list_methods() -> dict[str, str]:
    """The operations of all services that are called, by a client's name for them."""
    session = Session()
    return {
        xform_name(operation): operation
        for service in OPERATIONS
        for operation in session.get_service_model(service).operation_names
    }


def _list_calls() -> Iterator[tuple[str, ast.Call]]:
    for module in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call):
                yield f"{module.relative_to(ROOT)}:{node.lineno}", node
