"""Check that no decision is taken from a biography's free text, the attribute `note` of an event.

Codes are for decisions; a note is for people. It may be stored and shown. Only the pages may ask
whether there is one, to decide whether to show it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import jinja2
from jinja2 import nodes

FREE_TEXT = "note"
WEB = "chalicelib/web/"

QUESTIONS = frozenset(
    {"startswith", "endswith", "find", "rfind", "index", "rindex", "count"}
    | {"split", "rsplit", "splitlines", "partition", "rpartition"}
)
"""Methods of a text whose answer is a decision's ground."""

PRESENCE_TESTS = frozenset({"none", "defined", "undefined"})
"""Jinja's tests that ask whether there is a text."""


def check_code(module: str, text: str) -> list[str]:
    """Findings on decisions that a module takes from free text, as ``file:line: …``."""
    found = sorted(_decisions(ast.parse(text), may_ask_presence=module.startswith(WEB)))
    return [
        f"{module}:{line}: {what} decides by the free text {text!r}" for line, what, text in found
    ]


def _decisions(tree: ast.AST, *, may_ask_presence: bool) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        for what, operand in _grounds(node, may_ask_presence=may_ask_presence):
            if _is_free_text(operand):
                yield operand.lineno, what, ast.unparse(operand)


def _grounds(node: ast.AST, *, may_ask_presence: bool) -> Iterator[tuple[str, ast.expr]]:
    """The expressions whose value a node decides by, each with a word for the decision."""
    match node:
        case ast.Compare(left=left, ops=operators, comparators=others):
            is_presence = all(isinstance(each, ast.Is | ast.IsNot) for each in operators)
            if not (is_presence and may_ask_presence):
                yield from (("a comparison", each) for each in (left, *others))
        case ast.Match(subject=subject):
            yield "match", subject
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in QUESTIONS:
            yield f"{name}()", receiver
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]) | ast.Subscript(slice=key):
            yield "a table", key
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=arguments):
            yield from (("a pattern", each) for each in arguments)
        case _ if not may_ask_presence:
            yield from (("a test", each) for each in _tested(node))


def _tested(node: ast.AST) -> list[ast.expr]:
    match node:
        case (
            ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test)
        ):
            return [test]
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.comprehension(ifs=conditions):
            return conditions
        case ast.Call(func=ast.Name(id="bool"), args=arguments):
            return arguments
    return []


def _is_free_text(node: ast.expr) -> bool:
    """Whether an expression is a note, a part of one, or a function's or method's result of one."""
    match node:
        case ast.Attribute(attr=name):
            return name == FREE_TEXT
        case ast.Subscript(value=inner) | ast.NamedExpr(value=inner):
            return _is_free_text(inner)
        case ast.Call(func=ast.Attribute(value=inner)) | ast.Call(func=ast.Name(), args=[inner]):
            return _is_free_text(inner)
    return False


def check_template(name: str, text: str) -> list[str]:
    """Findings on decisions that a Jinja template takes from free text, as ``file:line: …``."""
    parsed = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(text)
    return [
        f"{name}:{line}: a template decides by free text (.{FREE_TEXT})"
        for line in sorted({*_template_decisions(parsed)})
    ]


def _template_decisions(parsed: nodes.Template) -> Iterator[int]:
    for comparison in parsed.find_all(nodes.Compare):
        if any(map(_shows_note, (comparison.expr, *(each.expr for each in comparison.ops)))):
            yield comparison.lineno
    for test in parsed.find_all(nodes.Test):
        if test.name not in PRESENCE_TESTS and _shows_note(test.node):
            yield test.lineno
    for call in parsed.find_all(nodes.Call):
        receiver = call.node
        is_question = isinstance(receiver, nodes.Getattr) and receiver.attr in QUESTIONS
        if is_question and _shows_note(receiver):
            yield call.lineno


def _shows_note(node: nodes.Node) -> bool:
    match node:
        case nodes.Getattr(attr=name, node=inner):
            return name == FREE_TEXT or _shows_note(inner)
        case nodes.Getitem(arg=nodes.Const(value=name), node=inner):
            return name == FREE_TEXT or _shows_note(inner)
        case nodes.Getitem(node=inner) | nodes.Filter(node=inner) | nodes.Call(node=inner):
            return inner is not None and _shows_note(inner)
    return False
