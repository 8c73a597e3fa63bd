"""Licence codes as merchants type and paste them."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.licence import LONGEST, clean_licence
from chalicelib.errors import LicenceError


@pytest.mark.parametrize(
    "code", ["123456", "ASP-0042", "ab_CD.9", "x:y+z@1", "...a", "a" * LONGEST, "é1"]
)
def test_a_code_that_can_be_seen_is_taken_as_it_is(code: str) -> None:
    assert clean_licence(code) == code


@pytest.mark.parametrize("pasted", [" 123456", "123456\r\n", "\t123456 ", "\u00a0123456\u2003"])
def test_blanks_around_a_code_are_left_out(pasted: str) -> None:
    assert clean_licence(pasted) == "123456"


def test_a_code_spelled_in_two_ways_is_one_code() -> None:
    assert clean_licence("e\u0301") == clean_licence("\u00e9")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("a" * (LONGEST + 1), "longer than 64"),
        (".", "dots"),
        ("..", "dots"),
        ("....", "dots"),
        ("../4711", "'/'"),
        ("4711/4712", "'/'"),
        ("4711\\4712", "address"),
        ("4711%2F", "'%'"),
        ("4711 4712", "blank"),
        ("4711\n4712", "blank"),
        ("4711\u00a04712", "blank"),
        ("4711\x00", "invisible"),
        ("4711\x7f", "invisible"),
        ("4711\u200b", "invisible"),
        ("\u202e4711", "invisible"),
        ("\ufeff4711", "invisible"),
        ("4711\ud800", "invisible"),
    ],
)
def test_a_code_that_could_lead_elsewhere_is_refused_with_a_hint(code: str, hint: str) -> None:
    with pytest.raises(LicenceError, match=hint) as caught:
        clean_licence(code)
    assert "4711" not in str(caught.value)


@given(st.text(max_size=80))
def test_whatever_is_accepted_is_one_harmless_segment(text: str) -> None:
    try:
        code = clean_licence(text)
    except LicenceError:
        return
    assert 1 <= len(code) <= LONGEST
    assert code.isprintable()
    assert code == clean_licence(code) == unicodedata.normalize("NFC", code)
    assert "/" not in quote(code, safe="")
    assert code not in {".", ".."}
    assert not set(code) & set("/\\% ")
