"""A broken profile is refused before anything is placed, with file and line."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.axml import load_profile, render
from chalicelib.errors import ProfileError
from tests.unit.axml.builders import a_debtor, an_invoice
from tests.unit.axml.conftest import DEFAULT

SENTINEL = "J. de Vries"
COUNTRIES = """\
[countries]
notation = "alpha-2"     # alpha-2, alpha-3, numeric (ISO 3166-1)
"""
CODES = """\
[[vat.codes]]
class = "high"
code = "1"

[[vat.codes]]
class = "higher"
code = "2"

[vat.classes]            #"""


def line_of(file: str, text: str) -> int:
    lines = (DEFAULT / file).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "complaint"),
    [
        ("official = false", "official = maybe", "official =", "not valid TOML"),
        ("official = false", 'official = "no"', "official =", "profile.official: Expected `bool`"),
        ("official = false", "", "[profile]", "profile.official: Object missing"),
        ("official = false", "offical = false", "offical =", "profile.offical: Object contains un"),
        ("bom = false", "bom = false\nbim = 1", "bim =", "file.bim: Object contains unknown"),
        (
            'encoding = "utf-8" ',
            'encoding = "utf-7" ',
            "encoding =",
            "file.encoding: `encoding` must be one",
        ),
        ('newline = "LF"', 'newline = "CR"', "newline =", 'must be one of "CRLF", "LF"'),
        (
            'format = "%Y-%m-%d"',
            'format = "%m-%d"',
            "format =",
            "dates.format: `format` must write day",
        ),
        ('separator = "."', 'separator = ";"', "decimal_separator =", "numbers.decimal_separator"),
        (
            "money_decimals = 2",
            "money_decimals = 1",
            "money_decimals =",
            "money_decimals: Expected `int` >= 2",
        ),
        (
            "money_decimals = 2",
            "money_decimals = true",
            "money_decimals =",
            "Expected `int`, got `bool`",
        ),
        ('notation = "percentage"  ', 'notation = "rate"  ', 'notation = "rate', "vat.notation"),
        ('oss = "oss"', "", "[vat.kinds]", "vat.kinds.oss: Object missing"),
        (
            'oss = "oss"',
            'oss = "oss"\nmoss = ""',
            "moss =",
            "vat.kinds.moss: Object contains unknown",
        ),
        ('basis = "both"', 'basis = "gross"', "basis =", 'one of "both", "excl", "incl"'),
        ('label = "PayPal"', "", "[[payments]]", "payments[5].label: Object missing"),
        ('label = "PayPal"', "label = 7", "label = 7", "payments[5].label: Expected `str`"),
        (COUNTRIES, "", "# aXML", "countries: Object missing"),
        ("[countries]", "[landen]", "[landen]", "landen: Object contains unknown"),
        ('delivery = "delivery"', "", "[addresses.roles]", "roles.delivery: Object missing"),
        (
            "[lengths]",
            '[lengths]\n"debtor.shoe" = {}',
            "debtor.shoe",
            "debtor.shoe: Object contains unknown",
        ),
        ('email = "Debtor/Email"', "", "[check]", "check.email: Object missing"),
        ('email = "Debtor/Email"', 'email = "a@b@c"', "email =", "at most one @attribute"),
        (
            "[lengths]",
            '[lengths]\n"debtor.name" = { max = 0, overflow = "cut" }',
            "max = 0",
            "name.max",
        ),
        ("[vat.classes]            #", CODES, '"higher"', "vat.codes[1].class: Invalid enum value"),
        ("[check]", "[more]\nx = 1\n[check]", "[more]", "more: Object contains unknown"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(
    changed: Callable[..., Path], old: str, new: str, at: str, complaint: str
) -> None:
    folder = changed("profile.toml", old, new)
    with pytest.raises(ProfileError) as caught:
        load_profile(folder)
    message = str(caught.value)
    assert complaint in message
    assert message.startswith(f"{folder / 'profile.toml'}, line ")
    line = int(message.split(", line ")[1].partition(":")[0])
    assert at in (folder / "profile.toml").read_text("utf-8").splitlines()[line - 1]


def test_two_cuts_that_would_lose_who_is_who_are_refused(changed: Callable[..., Path]) -> None:
    cut = '[lengths]\n"debtor.email" = { max = 9, overflow = "cut" }'
    with pytest.raises(ProfileError, match=r"lengths\.debtor\.email: .* may not be cut"):
        load_profile(changed("profile.toml", "[lengths]", cut))


def test_paths_without_any_amount_are_refused(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", 'line_excl = "LineTotalExcl"\n', "")
    text = (folder / "profile.toml").read_text("utf-8")
    (folder / "profile.toml").write_text(text.replace('line_incl = "LineTotalIncl"\n', ""), "utf-8")
    with pytest.raises(ProfileError, match="nothing adds up"):
        load_profile(folder)


def test_a_folder_without_a_declaration_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"profile\.toml, line 1"):
        load_profile(tmp_path)


def test_a_folder_without_a_template_is_no_profile(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", 'version = "1.4"', 'version = "1.4"')
    (folder / "orders.xml").unlink()
    with pytest.raises(ProfileError, match=r"orders\.xml, line 1"):
        load_profile(folder)


def test_a_template_that_does_not_compile_is_named_with_its_line(
    changed: Callable[..., Path],
) -> None:
    folder = changed("orders.xml", "{% for order in orders %}", "{% for order of orders %}")
    at = line_of("orders.xml", "{% for order in orders %}")
    with pytest.raises(ProfileError) as caught:
        load_profile(folder)
    assert str(caught.value).startswith(f"{folder / 'orders.xml'}, line {at}: ")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{{ order.debtor.name }}", "{{ order.debtor.naam }}", "no attribute 'naam'"),
        ("{{ line.quantity|quantity }}", "{{ regel.quantity|quantity }}", "'regel' is undefined"),
        ("{% if line.treatment|vat_kind %}", "{% if line.treatment.sort %}", "no attribute 'sort'"),
        ("{{ order.currency }}", "{{ order.lines }}", "is a tuple"),
        ("{{ order.currency }}", "{{ numbers }}", "is a Numbers"),
        ("{{ line.vat|money }}", "{{ line.vat }}", "is a Decimal"),
        ("{{ address.city }}", "{{ address.city|int('x')|abs }}", "orders.xml, line"),
    ],
)
def test_a_slot_that_is_not_there_is_named_with_its_line(
    changed: Callable[..., Path], old: str, new: str, complaint: str
) -> None:
    folder = changed("orders.xml", old, new)
    profile = load_profile(folder)
    with pytest.raises(ProfileError) as caught:
        render(profile, [an_invoice()])
    at = line_of("orders.xml", old)
    assert str(caught.value).startswith(f"{folder / 'orders.xml'}, line {at}: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "expression",
    ["{{ {}.pop(order.debtor.name) }}", "{{ {'IDEAL': '1'}[order.debtor.name] }}"],
)
def test_a_template_error_never_quotes_a_customer(
    changed: Callable[..., Path], expression: str
) -> None:
    profile = load_profile(changed("orders.xml", "{{ order.debtor.name }}", expression))
    with pytest.raises(ProfileError, match=r"orders\.xml, line") as caught:
        render(profile, [an_invoice(debtor=a_debtor(name=SENTINEL))])
    assert SENTINEL not in "".join(traceback.format_exception(caught.value))


def test_of_several_rows_the_one_that_is_wrong_is_named(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", 'label = "PayPal"', "")
    with pytest.raises(ProfileError, match=f"line {line_of('profile.toml', 'PayPal') - 1}:"):
        load_profile(folder)
    lines = (folder / "profile.toml").read_text("utf-8").splitlines()
    assert lines[line_of("profile.toml", "PayPal") - 2] == "[[payments]]"
