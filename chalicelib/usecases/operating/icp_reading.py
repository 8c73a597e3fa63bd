"""Reads the list of intra-Community supplies of a period: sums from the files, numbers and their
proof from the records beside the shop, all by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from chalicelib.domain.adding_sheet import add_up_sheet, list_eu_supplies
from chalicelib.domain.icp_list import IcpList, make_rows
from chalicelib.domain.periods import Period
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat_numbers import VatNumber, name_number
from chalicelib.errors import SealBroken
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.usecases.workspace import Workspace

MOST_OPENED = 1_000
"""Customers whose numbers are opened for one page: KMS opens one in some ten milliseconds."""

_AT_ONCE = 16


def read_icp_list(workspace: Workspace, period: Period) -> IcpList:
    """The list of a period of whole months. Raises `VaultUnavailable`, `LedgerError`."""
    files = read_period_files(workspace, period)
    supplies = list_eu_supplies(files)
    names = {name_number(each.number) for each in supplies if each.number}
    found = workspace.connector.shops.load_all(workspace.shop_id, VatNumber, names)
    kept = {record.mark: record for record in found.values()}
    is_too_long = len(kept) > MOST_OPENED
    numbers = {} if is_too_long else _open_all(workspace, kept)
    rows = make_rows(supplies, kept, numbers)
    return IcpList(sheet=add_up_sheet(files), rows=rows, too_many=len(kept) if is_too_long else 0)


def _open_all(workspace: Workspace, kept: Mapping[str, VatNumber]) -> dict[str, str]:
    """The numbers by mark, several opened at once; without those that cannot be opened any more."""
    vault, shop_id = workspace.connector.vault, workspace.shop_id

    def open_one(record: VatNumber) -> str:
        try:
            return vault.open(shop_id, SecretKind.VAT_NUMBER, record.sealed_number)
        except SealBroken:
            return ""

    records = list(kept.values())
    first = [open_one(record) for record in records[:1]]  # which makes the client for the others
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        opened = [*first, *pool.map(open_one, records[1:])]
    pairs = zip(records, opened, strict=True)
    return {record.mark: number for record, number in pairs if number}
