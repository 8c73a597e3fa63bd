"""What another behaviour would book otherwise of a shop's last sales: both files are rendered in
memory and compared, and nothing is written or sent.

The answer names orders and the elements of the file that differ, and how often; never what is in
them: that is content, and it goes nowhere but into Asperion.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from chalicelib.domain.behaviours import Behaviour
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.judgement import Verdict, pick_invoices
from chalicelib.domain.money import NOTHING, Amount
from chalicelib.domain.verdict_changes import Difference, list_differences
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.page_reading import Extent
from chalicelib.usecases.judging.sale_judge import JudgedSale, SaleJudge
from chalicelib.usecases.judging.supposing import SupposedWorkspace, render_invoices
from chalicelib.usecases.workspace import Workspace

_ELEMENT = r"<([A-Za-z_][\w.-]*)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A sale that would be booked otherwise: its number, in what (`differences`), and which lines
    of the file go (`removed`) and come (`added`), counted by the name of their element.
    """

    number: str
    differences: tuple[Difference, ...]
    removed: Counter[str]
    added: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a switch would do to the sales that were read, of the days `first` to `last` (None
    without any). `has_same_totals`: all together add up to the same, per VAT treatment.
    """

    otherwise: tuple[Otherwise, ...]
    has_same_totals: bool
    first: date | None
    last: date | None
    extent: Extent


def preview_switch(workspace: Workspace, behaviour: Behaviour, *, limit: int) -> Preview:
    """Judge the shop's newest sales, `limit` at most, by its present behaviour and by this one, and
    compare what would be written. Raises `ShopError`, `VaultError`, `ProfileError`.
    """
    shop = workspace.shop
    judge = SaleJudge(workspace, shop, replace(shop, behaviour=behaviour.version))
    sales, extent = judge.judge(judge.find((), limit))
    compared = [_compare(sale, judge.sides) for sale in sales]
    totals = [_add_up(sales, side) for side in (0, 1)]
    days = [sale.hint.day for sale in sales]
    return Preview(
        otherwise=tuple(one for one in compared if one is not None),
        has_same_totals=totals[0] == totals[1],
        first=min(days, default=None),
        last=max(days, default=None),
        extent=extent,
    )


def _compare(sale: JudgedSale, sides: Sequence[SupposedWorkspace]) -> Otherwise | None:
    old, new = sale.verdicts
    written = [_write(side, verdicts) for side, verdicts in zip(sides, sale.verdicts, strict=True)]
    differences = list_differences(old, new)
    if written[0] == written[1] and not differences:
        return None
    removed, added = _count_changes(*written)
    return Otherwise(number=sale.hint.number, differences=differences, removed=removed, added=added)


def _write(side: SupposedWorkspace, verdicts: Sequence[Verdict]) -> list[str]:
    """What would be delivered of a sale, line by line; none for nothing. By API a line of the
    invoice is one, as an element of its own.
    """
    invoices = pick_invoices(verdicts)
    if not invoices:
        return []
    if side.shop.way is Way.API:
        return [f"<line>{line}" for invoice in invoices for line in invoice.lines]
    profile = side.profile
    content = render_invoices(profile, invoices)
    return content.decode(profile.declaration.file.encoding).splitlines()


def _count_changes(before: list[str], after: list[str]) -> tuple[Counter[str], Counter[str]]:
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            removed.update(re.findall(_ELEMENT, "".join(before[start:end])))
            added.update(re.findall(_ELEMENT, "".join(after[new_start:new_end])))
    return removed, added


def _add_up(sales: Sequence[JudgedSale], side: int) -> dict[tuple[str, VatTreatment], Amount]:
    """What is booked per currency and VAT treatment, without what comes to nothing."""
    sums: dict[tuple[str, VatTreatment], Amount] = defaultdict(lambda: NOTHING)
    for invoice in pick_invoices(verdict for sale in sales for verdict in sale.verdicts[side]):
        for each in invoice.totals:
            sums[invoice.currency, each.treatment] += Amount(each.excl, each.excl + each.vat)
    return {key: amount for key, amount in sums.items() if amount}
