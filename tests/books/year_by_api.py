"""A made-up shop whose documents go straight into the sandbox's Asperion: its own runs, with the
real client over HTTP, and the same books to be had by its import files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.ledger import FileState
from chalicelib.usecases.afterwards.reading_back import read_back
from chalicelib.usecases.connector import FrontDoor
from tests.books.by_api import OF_NORTHERN_IRELAND, ApiLedger, read_books
from tests.books.sandbox_stage import Ledger, Stage
from tests.books.shop_year import Opening, ShopYear
from tests.fakes.memory_asperion import MemoryAsperion
from tests.unit.usecases.stage import SHOP_ID

Rows = list[dict[str, Any]]
DAYS = 500
Days = dict[date, tuple[int, CoverSheet | None]]


class YearByApi(ShopYear):
    """A shop of which Asperion is read back every night. Nobody touches anything there, so that
    nothing may be reported.
    """

    def close_day(self) -> None:
        """The night, and reading back in it."""
        super().close_day()
        assert read_back(self.workspace()) == ()


def open_by_api(opening: Opening, ledger: Ledger, sold: ApiChoices) -> YearByApi:
    """A shop that is connected with this administration from its first day on."""
    year = YearByApi(opening)
    api = ApiLedger(ledger)
    consent = MemoryAsperion(lambda: year.stage.now)
    door = FrontDoor(identity=consent.identity, open_api=lambda _tokens, _id: api.client)
    year.stage.connector = replace(year.connector, front_door=door)
    administration = Administration(id=api.administration_id, name="De boeken")
    consent.connect(year.stage.shops, administration=administration, choices=sold)
    return year


def choose_all(year: ShopYear, ledger: Ledger) -> ApiChoices:
    """What the merchant confirms of what is proposed for everything that a shop sold, each on the
    first day on which it was.
    """
    api, policy = ApiLedger(ledger), year.workspace().shop.policy
    chosen = api.choose([], policy, year.first_day)
    for day, treatments in sorted(_list_sold(year).items()):
        new = [each for each in treatments if not chosen.find_code(each)]
        more = api.choose(new, policy, day)
        codes = [each for each in more.vat_codes if any(map(each.fits, new))]
        chosen = replace(chosen, vat_codes=(*chosen.vat_codes, *codes))
    return chosen


def _list_sold(year: ShopYear) -> dict[date, set[VatTreatment]]:
    found: dict[date, set[VatTreatment]] = {}
    for file in year.connector.files.list_since(SHOP_ID, year.first_day):
        if file.state is FileState.PLACED and file.cover is not None:
            sold = {each.treatment for each in file.cover.totals}
            found.setdefault(min(file.days.values()), set()).update(sold)
    return found


def list_days(year: ShopYear) -> Days:
    """What the statements say was delivered on each day, and what it comes to."""
    stated = year.connector.shops.statements(SHOP_ID, DAYS)
    return {each.day: (each.placed, each.cover) for each in stated if each.placed}


def import_files(stage: Stage, files: Iterable[bytes]) -> Rows:
    """The books once all these files are imported, and a person has chosen a VAT code in Asperion
    for what it has none for.
    """
    ledger = stage.ledger()
    ledger.take_contents(files)
    return [row | {"code": row["code"] or OF_NORTHERN_IRELAND} for row in read_books(ledger)]
