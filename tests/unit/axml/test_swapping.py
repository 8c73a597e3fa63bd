"""Another profile, another file: nothing of the format sits in code."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.axml import Profile, find_unwritable, load_profile, render, verify
from chalicelib.errors import ProfileError, RenderedWrong
from tests.unit.axml.builders import EXPORT, HIGH, LOW, a_debtor, a_line, an_address, an_invoice

DEVIATING_FILE = (
    '<?xml version="1.0" encoding="iso-8859-1"?>\r\n'
    "<asperion>\r\n"
    '  <Orders nr="ORD000033" datum="09-11-2014" totaal="30,600">\r\n'
    '    <Debtor mail="j.jansen@example.com" naam="J. &#34;de lan" tel=""/>\r\n'
    '    <Address soort="F" straat="Dorpsstraat 1 A" land="528"/>\r\n'
    "    <Regels>\r\n"
    '      <Orderline bedrag="24,200" prijs="12,10" aantal="2" btw="HOOG" soort="NL" land="">'
    "Caf\xe9 &#8364; &amp;</Orderline>\r\n"
    '      <Orderline bedrag="6,400" prijs="3,20" aantal="1,5" btw="GEEN" soort="EXP" land="756">'
    "Voorbeeldartikel</Orderline>\r\n"
    "    </Regels>\r\n"
    "  </Orders>\r\n"
    "</asperion>\r\n"
).encode("latin-1")


def test_a_deliberately_different_profile_needs_no_code(deviating: Profile) -> None:
    order = an_invoice(
        lines=(
            a_line(description="Café € &"),
            a_line(2, "6.40", EXPORT, quantity=Decimal("1.5")),
        ),
        debtor=a_debtor(
            name="J. “de lange” Jansen", addresses=(an_address(), an_address("delivery"))
        ),
    )
    content = render(deviating, [order])
    assert content == DEVIATING_FILE
    verify(deviating, content, [order])


def test_the_other_profile_is_read_back_too(deviating: Profile) -> None:
    wrong = render(deviating, [an_invoice()]).replace(b'bedrag="24,200"', b'bedrag="24,201"')
    with pytest.raises(RenderedWrong, match="line 1"):
        verify(deviating, wrong, [an_invoice()])
    dotted = render(deviating, [an_invoice()]).replace(b'bedrag="24,200"', b'bedrag="24.200"')
    with pytest.raises(RenderedWrong, match="notation"):
        verify(deviating, dotted, [an_invoice()])


def test_a_text_too_long_to_be_cut_stops_the_file_and_names_the_order(deviating: Profile) -> None:
    fine, long = an_invoice(), an_invoice(34, (a_line(description="x" * 31),))
    with pytest.raises(RenderedWrong, match=r"ORD000034: line\.description is longer than 30"):
        render(deviating, [fine, long])
    assert find_unwritable(deviating, fine) is None
    assert str(find_unwritable(deviating, long)) == "line.description is longer than 30 characters"


def test_a_country_without_a_code_stops_the_file(deviating: Profile) -> None:
    order = an_invoice(debtor=a_debtor(addresses=(an_address(country="ZZ"),)))
    with pytest.raises(RenderedWrong, match="'ZZ' has no numeric code"):
        render(deviating, [order])


def test_an_amount_is_never_rounded_by_writing_it(default: Profile) -> None:
    line = a_line(incl=Decimal("24.204"))
    with pytest.raises(RenderedWrong, match="more decimals"):
        render(default, [an_invoice(lines=(line,))])


def test_countries_in_three_letters(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", 'notation = "alpha-2"', 'notation = "alpha-3"')
    assert b"<CountryCode>NLD</CountryCode>" in render(load_profile(folder), [an_invoice()])


CODES = """\
[[vat.codes]]
class = "high"
until = 2012-09-30
code = "19"

[[vat.codes]]
class = "high"
kind = "domestic"
from = 2012-10-01
code = "21"

[vat.classes]            #"""


def test_vat_codes_go_by_class_kind_and_day(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", "[vat.classes]            #", CODES)
    text = (folder / "profile.toml").read_text("utf-8")
    text = text.replace('notation = "percentage"', 'notation = "code"')
    (folder / "profile.toml").write_text(text, "utf-8")
    profile = load_profile(folder)

    def code(day: date, **changes: object) -> str:
        treatment = dataclasses.replace(HIGH, **changes)  # type: ignore[arg-type]
        order = an_invoice(lines=(a_line(treatment=treatment),), rates_of=day)
        content = render(profile, [order]).decode()
        verify(profile, content.encode(), [order])
        return content.partition("<VatPercentage>")[2].partition("<")[0]

    wrong = an_invoice(rates_of=date(2012, 9, 30))
    content = render(profile, [wrong]).replace(b"Percentage>19<", b"Percentage>21<")
    with pytest.raises(RenderedWrong, match="VAT"):
        verify(profile, content, [wrong])
    assert code(date(2012, 9, 30)) == "19"
    assert code(date(2012, 10, 1)) == "21"
    with pytest.raises(ProfileError, match=r"profile\.toml.*no code for low \(domestic\)"):
        code(date(2014, 1, 1), vat_class=LOW.vat_class)


@pytest.mark.parametrize(
    ("basis", "kept", "gone"), [("excl", "Excl", "Incl"), ("incl", "Incl", "Excl")]
)
def test_prices_on_one_basis(
    changed: Callable[..., Path], basis: str, kept: str, gone: str
) -> None:
    profile = load_profile(changed("profile.toml", 'basis = "both"', f'basis = "{basis}"'))
    content = render(profile, [an_invoice()])
    verify(profile, content, [an_invoice()])
    assert f"LineTotal{kept}".encode() in content
    assert f"Price{kept}".encode() in content
    assert gone.encode() not in content


def test_empty_elements_are_written_when_the_profile_wants_them(
    changed: Callable[..., Path],
) -> None:
    profile = load_profile(changed("profile.toml", "write_empty = false", "write_empty = true"))
    assert b"<Phone></Phone>" in render(profile, [an_invoice()])


def test_a_byte_order_mark_and_no_declaration(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", "bom = false", "bom = true")
    text = (folder / "profile.toml").read_text("utf-8")
    (folder / "profile.toml").write_text(
        text.replace("declaration = true", "declaration = false"), "utf-8"
    )
    profile = load_profile(folder)
    content = render(profile, [an_invoice()])
    assert content.startswith(b"\xef\xbb\xbf<Asperion")
    verify(profile, content, [an_invoice()])
