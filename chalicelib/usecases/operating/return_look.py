"""All that is to be seen of a period's VAT return: the sheet, and what is open beside it."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.adding_sheet import add_up_sheet
from chalicelib.domain.days import local_day
from chalicelib.domain.dutch_return import FormLine, find_line, is_filed_by, list_form_lines
from chalicelib.domain.oss_return import OssCountry, list_oss_countries
from chalicelib.domain.periods import Period
from chalicelib.domain.return_places import ReturnBox
from chalicelib.domain.shops import Shop
from chalicelib.domain.vat_sheet import VatSheet
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.open_in_period import OpenInPeriod, read_open
from chalicelib.usecases.operating.seen_in_asperion import SeenOfPeriod, count_seen
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLook:
    """A period's sheet and what is open beside it, as they are on `today`. `seen` is how much of it
    Asperion shows; None when it went by files.
    """

    shop: Shop
    today: date
    sheet: VatSheet
    open: OpenInPeriod
    seen: SeenOfPeriod | None = None

    @property
    def is_dutch(self) -> bool:
        """Whether the shop files the Dutch return, in euros."""
        return is_filed_by(self.shop)

    @property
    def is_running(self) -> bool:
        """Whether the period is not over."""
        return self.sheet.files.period.last >= self.today

    @property
    def lines(self) -> tuple[FormLine, ...]:
        """The boxes of the Dutch return."""
        return list_form_lines(self.sheet)

    @property
    def oss(self) -> tuple[OssCountry, ...]:
        """The member states of the one-stop-shop return."""
        return list_oss_countries(self.sheet)

    def find_box(self, box: ReturnBox) -> FormLine:
        """One box, or what is in its place."""
        return find_line(self.sheet, box)


def look_at_return(workspace: Workspace, period: Period, *, asks_shop: bool) -> ReturnLook:
    """A period's return, as it is now; `asks_shop`: what is open is read from SEOshop. Raises
    `LedgerError`.
    """
    files = read_period_files(workspace, period)
    return ReturnLook(
        shop=workspace.shop,
        today=local_day(workspace.now()),
        sheet=add_up_sheet(files),
        seen=count_seen(workspace, period, files.counted),
        open=read_open(workspace, period, asks_shop=asks_shop),
    )
