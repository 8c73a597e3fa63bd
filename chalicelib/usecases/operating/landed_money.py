"""What Asperion shows of deliveries, as it was last read back: in documents, and in money beside
what was delivered, by VAT code. Files cannot be asked. Read by key, and without calling Asperion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.code_totals import Codes, add_up_codes
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.landed import (
    LandedDelivery,
    LandedPart,
    ReadBack,
    add_up_parts,
    landing_name,
)
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.money import ZERO
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace

NOTHING = CodeTotal(excl=ZERO, vat=ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One VAT code (empty: it is not known which): what was `delivered` under it, of these
    `treatments`, and what Asperion shows.
    """

    code: str
    treatments: tuple[VatTreatment, ...] = ()
    delivered: CodeTotal = NOTHING
    shown: CodeTotal = NOTHING

    @property
    def difference(self) -> Decimal:
        """How much more Asperion shows than was delivered, with VAT."""
        return self.shown.excl + self.shown.vat - self.delivered.excl - self.delivered.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What is known of some deliveries. `part` is what Asperion showed of those that were read;
    None when none was. `unread` are documents in deliveries that were not read yet, `by_file` those
    that went by files. `rows` are by VAT code, empty when totals are not kept. `unread_since` is
    since when Asperion cannot be read.
    """

    part: LandedPart | None = None
    unread: int = 0
    by_file: int = 0
    rows: tuple[CodeRow, ...] = ()
    currency: str = ""
    unread_since: datetime | None = None

    @property
    def is_by_api(self) -> bool:
        """Whether anything of it went to Asperion by API."""
        return self.part is not None or self.unread > 0

    @property
    def total(self) -> CodeRow:
        """All rows together."""
        return CodeRow(
            code="",
            delivered=_sum(row.delivered for row in self.rows),
            shown=_sum(row.shown for row in self.rows),
        )

    @property
    def is_explained(self) -> bool:
        """Whether a difference is that of orders that were sent again, or cannot be compared."""
        return self.part is not None and self.part.is_right


def read_landed(workspace: Workspace, files: Sequence[FileEntry]) -> Landed:
    """What Asperion shows of these deliveries. Raises `LedgerError`."""
    placed = [file for file in files if file.state is FileState.PLACED]
    by_api = [file for file in placed if file.way is Way.API]
    by_file = sum(len(file.keys) for file in placed if file.way is Way.FILE)
    if not by_api:
        return Landed(by_file=by_file)
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    names = [landing_name(file.name) for file in by_api]
    kept = shops.load_all(shop_id, LandedDelivery, names)
    found = [(file, kept.get(landing_name(file.name))) for file in by_api]
    read = [(file, each) for file, each in found if each is not None and each.whole is not None]
    part = add_up_parts(each.whole for _, each in read if each.whole is not None)
    progress = shops.load(shop_id, ReadBack) or ReadBack()
    return Landed(
        part=part,
        unread=sum(len(file.keys) for file in by_api) - (0 if part is None else part.delivered),
        by_file=by_file,
        rows=_list_rows(read, part) if workspace.shop.policy.keep_totals else (),
        currency=workspace.shop.currency,
        unread_since=progress.unread_since,
    )


def _list_rows(
    read: Iterable[tuple[FileEntry, LandedDelivery]], part: LandedPart | None
) -> tuple[CodeRow, ...]:
    """What was delivered beside what Asperion shows. Where every hash says that it is the same by
    VAT code, that goes before codes that were chosen otherwise meanwhile.
    """
    if part is None or part.codes is None:
        return ()
    delivered: Codes = {}
    treatments: dict[str, dict[VatTreatment, None]] = {}
    for file, landed in read:
        if file.cover is None:
            return ()
        for each in file.cover.totals:
            code = next((one.code for one in landed.vat_codes if one.fits(each.treatment)), "")
            own = {code: CodeTotal(excl=each.excl, vat=each.vat)}
            delivered = add_up_codes([delivered, own])
            treatments.setdefault(code, {})[each.treatment] = None
    shown = part.codes
    if part.landed == part.delivered and _sum(delivered.values()) == _sum(shown.values()):
        delivered = shown
    return tuple(
        CodeRow(
            code=code,
            treatments=tuple(treatments.get(code, ())),
            delivered=delivered.get(code, NOTHING),
            shown=shown.get(code, NOTHING),
        )
        for code in sorted({*delivered, *shown})
    )


def _sum(totals: Iterable[CodeTotal]) -> CodeTotal:
    found = add_up_codes({"": each} for each in totals)
    return found.get("", NOTHING)
