"""What Asperion shows of deliveries, as it was last read back: in documents, and in money beside
what was delivered, by VAT code. Files cannot be asked. Read by key, and without calling Asperion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.code_totals import add_up_codes
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.cover_sheet import CoverSheet, add_up
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
from chalicelib.usecases.workspace import Workspace

NOTHING = CodeTotal(excl=ZERO, vat=ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One VAT code (empty: none is chosen any more for what was delivered): what was `delivered`
    under it, of these `treatments`, and what Asperion shows.
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
    that went by files. `rows` are by VAT code, empty when totals are not kept. `read_at` is when
    Asperion was last read, `unread_since` since when that fails.
    """

    part: LandedPart | None = None
    unread: int = 0
    by_file: int = 0
    rows: tuple[CodeRow, ...] = ()
    currency: str = ""
    read_at: datetime | None = None
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
    def is_right(self) -> bool:
        """Whether Asperion shows all of it as it was delivered."""
        return self.part is not None and self.part.is_right and not self.unread


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
    wholes = {name: each.whole for name, each in kept.items()}
    read = [file for file in by_api if wholes.get(landing_name(file.name)) is not None]
    part = add_up_parts(each for each in wholes.values() if each is not None)
    progress = shops.load(shop_id, ReadBack) or ReadBack()
    return Landed(
        part=part,
        unread=sum(len(file.keys) for file in by_api if file not in read),
        by_file=by_file,
        rows=_list_rows(workspace, read, part),
        currency=workspace.shop.currency,
        read_at=progress.at if part is None else part.at,
        unread_since=progress.unread_since,
    )


def _list_rows(
    workspace: Workspace, read: Iterable[FileEntry], part: LandedPart | None
) -> tuple[CodeRow, ...]:
    shop = workspace.shop
    if part is None or part.codes is None or not shop.policy.keep_totals:
        return ()
    cover = add_up((file.cover for file in read), shop.currency)
    return () if cover is None else tuple(_compare(workspace, cover, part.codes))


def _compare(
    workspace: Workspace, cover: CoverSheet, shown: Mapping[str, CodeTotal]
) -> list[CodeRow]:
    """What was delivered beside what Asperion shows; by the VAT codes of now."""
    connection = workspace.shop.connection
    choices = None if connection is None else connection.choices
    delivered: dict[str, CodeTotal] = {}
    treatments: dict[str, list[VatTreatment]] = {}
    for each in cover.totals:
        code = (choices and choices.find_code(each.treatment)) or ""
        own = {code: CodeTotal(excl=each.excl, vat=each.vat)}
        delivered = dict(add_up_codes([delivered, own]))
        treatments.setdefault(code, []).append(each.treatment)
    return [
        CodeRow(
            code=code,
            treatments=tuple(treatments.get(code, ())),
            delivered=delivered.get(code, NOTHING),
            shown=shown.get(code, NOTHING),
        )
        for code in sorted({*delivered, *shown})
    ]


def _sum(totals: Iterable[CodeTotal]) -> CodeTotal:
    found = add_up_codes({"": each} for each in totals)
    return found.get("", NOTHING)
