"""VAT facts: rates by date, member states by date, well-formed numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from stdnum.eu import vat as eu_vat

from chalicelib.domain.policy import VatClass
from chalicelib.domain.vat import (
    find_dutch_class,
    find_issuing_country,
    find_last_day,
    find_vat_territory,
    is_in_vat_area,
    normalise_vat_number,
    percentage,
)

TODAY = date(2026, 11, 23)
BREXIT = date(2021, 1, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("rate", "on", "last"),
    [
        ("0.06", "2026-04-15", "2018-12-31"),
        ("0.19", "2026-04-15", "2012-09-30"),
        ("0.06", "2018-05-03", "2018-05-03"),
        ("0.21", "2026-04-15", "2026-04-15"),
        ("0.09", "2018-12-31", "2018-12-31"),
        ("0.17", "2026-04-15", "2026-04-15"),
    ],
)
def test_the_last_day_of_a_dutch_rate_is_the_one_asked_about_while_it_counts(
    rate: str, on: str, last: str
) -> None:
    found = find_last_day(Decimal(rate), date.fromisoformat(on))
    assert found == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("rate", "first", "vat_class"),
    [
        ("0.19", "2001-01-01", VatClass.HIGH),
        ("0.21", "2012-10-01", VatClass.HIGH),
        ("0.06", "1986-10-01", VatClass.LOW),
        ("0.09", "2019-01-01", VatClass.LOW),
    ],
)
def test_a_dutch_rate_begins_on_its_day_and_not_before(
    rate: str, first: str, vat_class: VatClass
) -> None:
    since = date.fromisoformat(first)
    assert find_dutch_class(Decimal(rate), since) is vat_class
    assert find_dutch_class(Decimal(rate), since - DAY) is None


@pytest.mark.parametrize(
    ("rate", "last", "vat_class"),
    [("0.19", "2012-09-30", VatClass.HIGH), ("0.06", "2018-12-31", VatClass.LOW)],
)
def test_a_dutch_rate_ends_with_its_last_day(rate: str, last: str, vat_class: VatClass) -> None:
    until = date.fromisoformat(last)
    assert find_dutch_class(Decimal(rate), until) is vat_class
    assert find_dutch_class(Decimal(rate), until + DAY) is None


def test_the_rates_of_today_are_21_and_9_and_none() -> None:
    assert find_dutch_class(Decimal("0.2100"), TODAY) is VatClass.HIGH
    assert find_dutch_class(Decimal("0.09"), TODAY) is VatClass.LOW
    assert find_dutch_class(Decimal("0.000"), TODAY) is VatClass.NONE
    assert find_dutch_class(Decimal("0.20"), TODAY) is None
    assert find_dutch_class(Decimal("0.21"), date.max - DAY) is VatClass.HIGH


def test_nothing_is_always_no_rate() -> None:
    assert find_dutch_class(Decimal(0), date(1990, 1, 1)) is VatClass.NONE


def test_the_union_has_27_members_today() -> None:
    codes = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    members = {code for code in codes if is_in_vat_area(code, TODAY)}
    assert members == {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
    }  # fmt: skip


def test_great_britain_left_with_the_year_2021_and_northern_ireland_stayed() -> None:
    assert is_in_vat_area("GB", BREXIT - DAY)
    assert is_in_vat_area("IM", BREXIT - DAY)
    assert not is_in_vat_area("GB", BREXIT)
    assert not is_in_vat_area("IM", BREXIT)
    assert find_vat_territory("GB", "BT1 5GS", BREXIT) == "XI"
    assert find_vat_territory("GB", "bt 1 5gs", BREXIT) == "XI"
    assert find_vat_territory("GB", "BT1 5GS", BREXIT - DAY) == "GB"
    assert find_vat_territory("GB", "SW1A 1AA", TODAY) == "GB"
    assert find_vat_territory("XI", "BT1 5GS", BREXIT - DAY) == "GB"
    assert not is_in_vat_area(find_vat_territory("GB", "JE2 3AB", BREXIT - DAY), BREXIT - DAY)
    assert is_in_vat_area(find_vat_territory("GB", "IM1 1AA", BREXIT - DAY), BREXIT - DAY)
    assert is_in_vat_area("XI", BREXIT)
    assert not is_in_vat_area("XI", BREXIT - DAY)


def test_croatia_joined_on_the_first_of_july_2013() -> None:
    assert is_in_vat_area("HR", date(2013, 7, 1))
    assert not is_in_vat_area("HR", date(2013, 6, 30))


@pytest.mark.parametrize(
    ("country", "code", "territory", "inside"),
    [
        ("ES", "35001", "ES-35", False),
        ("ES", "38001", "ES-38", False),
        ("ES", "51001", "ES-51", False),
        ("ES", "52001", "ES-52", False),
        ("ES", "28001", "ES", True),
        ("DE", "78266", "DE-78266", False),
        ("DE", "27498", "DE-27498", False),
        ("DE", "10115", "DE", True),
        ("FI", "22100", "FI-22", False),
        ("FR", "97100", "FR-97", False),
        ("FR", "97500", "FR-97", False),
        ("FR", "98000", "FR", True),
        ("FR", "98400", "FR-984", False),
        ("FR", "98600", "FR-986", False),
        ("FR", "98714", "FR-987", False),
        ("FR", "98800", "FR-988", False),
        ("FR", "98901", "FR-989", False),
        ("GR", "630 86", "GR-63086", False),
        ("GR", "630 87", "GR-63087", False),
        ("GR", "630 88", "GR", True),
        ("IT", "23041", "IT-23041", False),
        ("IT", "22061", "IT-22061", False),
        ("MC", "98000", "FR", True),
        ("MC", "", "FR", True),
        ("DE", "D-78266", "DE-78266", False),
        ("DE", "D 78266", "DE-78266", False),
        ("DE", "D-10115", "DE", True),
        ("DE", "bei D-78266", "DE", True),
        ("ES", "E-35001", "ES-35", False),
        ("ES", "e-35001", "ES-35", False),
        ("FI", "FI-22100", "FI-22", False),
        ("FI", "AX-22100", "FI-22", False),
        ("FR", "F-97400", "FR-97", False),
        ("GB", "GB-BT1 5GS", "XI", True),
        ("ES", "3500", "ES", True),
        ("ES", "E3500", "ES", True),
        ("ES", "07800", "ES", True),
        ("DE", "1067", "DE", True),
        ("DE", "78266 Büsingen", "DE-78266", False),
        ("FI", "2100", "FI", True),
        ("FI", "100", "FI", True),
        ("FR", "2000", "FR", True),
        ("FR", "20000", "FR", True),
        ("FR", "75008 CEDEX 08", "FR", True),
        ("IT", "118", "IT", True),
        ("IT", "120", "IT-00120", False),
        ("IT", "00120", "IT-00120", False),
        ("IT", "47890", "IT-4789", False),
        ("GR", "TK 630 86", "GR-63086", False),
        ("DK", "3900", "DK-39", False),
        ("DK", "DK-2100", "DK", True),
        ("PT", "9000-001", "PT", True),
        ("AT", "6991", "AT", True),
        ("GB", "JE2 3AB", "JE", False),
        ("GB", "GY1 1AA", "GG", False),
        ("GB", "IM1 1AA", "IM", False),
        ("GB", "GX11 1AA", "GI", False),
        ("GB", "B1 1AA", "GB", False),
        ("XI", "", "XI", True),
        *((country, "97100", country, False) for country in ("GP", "RE", "MQ", "GF", "YT")),
        *((country, "35001", country, False) for country in ("IC", "EA", "JE", "GG", "IM")),
        ("AX", "22100", "AX", False),
        ("EL", "10431", "GR", True),
        ("UK", "SW1A 1AA", "GB", False),
        ("CH", "8000", "CH", False),
        ("NO", "0150", "NO", False),
    ],
)
def test_territories_with_vat_of_their_own_are_outside(
    country: str, code: str, territory: str, inside: bool
) -> None:
    assert find_vat_territory(country, code, TODAY) == territory
    assert is_in_vat_area(territory, TODAY) is inside


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("NL004495445B01", "NL", "NL004495445B01"),
        ("nl 0044.95.445.B01", "NL", "NL004495445B01"),
        ("DE 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("BE 0428.759.497", "BE", "BE0428759497"),
        ("DE136695976", "NL", "DE136695976"),
        ("EL 094259216", "GR", "EL094259216"),
        ("GR094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("GB980780684", "GB", "GB980780684"),
        ("XI980780684", "GB", "XI980780684"),
        ("980780684", "GB", "GB980780684"),
        ("980780684", "XI", "XI980780684"),
        ("GB980780684", "XI", "GB980780684"),
        ("40303265045", "FR", "FR40303265045"),
        ("BE0403170701 (BTW)", "NL", "BE0403170701"),
        ("B58378431", "ES-35", "ESB58378431"),
        ("BTW BE0403170701", "BE", "BE0403170701"),
        ("btw-nr. BE 0403.170.701", "NL", "BE0403170701"),
        ("BTW nummer: NL004495445B01", "NL", "NL004495445B01"),
        ("VAT No. DE136695976", "DE", "DE136695976"),
        ("USt-IdNr. DE 136 695 976", "DE", "DE136695976"),
        ("USt-ID: 136695976", "DE", "DE136695976"),
        ("TVA FR40303265045", "FR", "FR40303265045"),
        ("NIF B58378431", "ES", "ESB58378431"),
        ("BE 403.019.261", "BE", "BE0403019261"),
        ("403.019.261", "BE", "BE0403019261"),
        ("BE (0)403.019.261", "NL", "BE0403019261"),
        ("NL 4495445.B01", "NL", "NL004495445B01"),
        ("GR 94259216", "GR", "EL094259216"),
        ("94259216", "GR", "EL094259216"),
        ("el-94259216", "NL", "EL094259216"),
        ("RO 185 472 90", "RO", "RO18547290"),
        ("18547290", "RO", "RO18547290"),
    ],
)
def test_a_well_formed_number_is_written_compactly_with_its_prefix(
    typed: str, country: str, number: str
) -> None:
    assert normalise_vat_number(typed, country) == number


@pytest.mark.parametrize(
    ("typed", "country"),
    [("", "NL"), ("-", "NL"), ("NL123456789B01", "NL"), ("DE136695977", "DE"),
     ("onbekend", "NL"), ("ÄÖ136695976", "DE"), ("DE١٣٦٦٩٥٩٧٦", "DE"),
     ("136695976", "NL"), ("CHE123456788", "CH"), ("٠٠٤٤٩٥٤٤٥", "DE"),
     ("GB980780685", "GB"), ("1", ""), ("NL004495445", "NL"), ("EU372022452", "BE"),
     ("IM3720000224", "IM"), ("CHE107787577IVA", "CH")],
)  # fmt: skip
def test_a_number_that_is_not_well_formed_is_none(typed: str, country: str) -> None:
    assert normalise_vat_number(typed, country) is None


NUMBERS = {  # one of every member state, as people type it
    "AT": "ATU 13585627", "BE": "BE 403.019.261", "BG": "BG 175 074 752", "CY": "CY-10259033P",
    "CZ": "CZ 25123891", "DE": "DE 136,695 976", "DK": "DK 13 58 56 28", "EE": "EE 100 931 558",
    "ES": "ES B-58378431", "FI": "FI 20774740", "FR": "Fr 40 303 265 045", "GR": "GR 94259216",
    "HR": "HR 33392005961", "HU": "HU-12892312", "IE": "IE 6433435F", "IT": "IT 00743110157",
    "LT": "LT 119511515", "LU": "LU 150 274 42", "LV": "LV 4000 3521 600", "MT": "MT 1167-9112",
    "NL": "NL4495445B01", "PL": "PL 8567346215", "PT": "PT 501 964 843", "RO": "RO 185 472 90",
    "SE": "SE 123456789701", "SI": "SI 5022 3054", "SK": "SK 202 274 96 19", "XI": "XI 980 7806 84",
}  # fmt: skip


@pytest.mark.parametrize("country", NUMBERS)
def test_what_was_checked_is_what_is_written_in_every_member_state(country: str) -> None:
    number = normalise_vat_number(NUMBERS[country], "NL")
    assert number is not None
    assert find_issuing_country(number) == country
    assert eu_vat.validate(number) == number
    assert normalise_vat_number(number, "NL") == number
    assert normalise_vat_number(number[2:], country) == number


@pytest.mark.parametrize("number", ["IE6433435F", "IE6433435OA", "IE8D79739I"])
def test_irish_numbers_of_old_and_new_form_are_numbers(number: str) -> None:
    assert normalise_vat_number(number, "IE") == number


@pytest.mark.parametrize(
    ("number", "country"), [("EL094259216", "GR"), ("DE136695976", "DE"), ("XI980780684", "XI")]
)
def test_a_number_tells_who_issued_it(number: str, country: str) -> None:
    assert find_issuing_country(number) == country


@pytest.mark.parametrize(
    ("rate", "shown"), [("0.21", "21%"), ("0.255", "25.5%"), ("0.2000", "20%"), ("0", "0%")]
)
def test_a_rate_is_shown_as_people_write_it(rate: str, shown: str) -> None:
    assert percentage(Decimal(rate)) == shown
