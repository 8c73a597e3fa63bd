"""How a shop's connection with Asperion stands, and what its administration offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.choice_problems import ChoiceProblem, ProblemKind, check_choices
from chalicelib.domain.connection import ApiChoices, AsperionTokens, Connection
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.life import UNSURE
from chalicelib.domain.proposing import list_kinds
from chalicelib.domain.shops import Shop
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.domain.ways import Way
from chalicelib.errors import RequestError
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connecting import check_installed
from chalicelib.usecases.workspace import Workspace

LISTS_TIME = timedelta(seconds=20)
"""How long reading the lists of an administration may take while a person waits."""

MOST_DEBTORS_SEEN = 200
"""Of the administration, to see which kinds are in use."""


class ChoicesRefused(RequestError):
    """What was chosen is not in the administration as it is now, or needs a second look: nothing
    was stored.
    """

    def __init__(self, problems: Collection[ChoiceProblem]) -> None:
        super().__init__(", ".join(one.kind.value for one in problems))
        self.problems = tuple(problems)


def list_undecided(workspace: Workspace) -> tuple[FileEntry, ...]:
    """The deliveries into an administration of which it is not known yet whether they are there;
    read by key alone.
    """
    unsure = (file for file in read_noted_files(workspace) if file.state in UNSURE)
    return tuple(file for file in unsure if file.way is Way.API)


def describe_connection(workspace: Workspace) -> dict[str, Any] | None:
    """How the shop's connection stands, for the operator: the administration's number, whether the
    merchant confirmed how invoices are booked there, since when he has to connect again and since
    when he has ended it, each None where it is not so. None without a connection.
    """
    connection = workspace.shop.connection
    if connection is None:
        return None
    tokens = workspace.connector.shops.load(workspace.shop_id, AsperionTokens)
    refused_since = None if tokens is None else tokens.refused_since
    return {
        "administration": connection.administration.id,
        "confirmed": connection.choices is not None,
        "since": connection.connected_at.isoformat(),
        "connect_again": None if refused_since is None else refused_since.isoformat(),
        "ended": None if connection.left_at is None else connection.left_at.isoformat(),
    }


def read_lists(workspace: Workspace) -> AdministrationLists:
    """All that the shop's administration offers to choose from. Raises `ConnectRefused` where none
    was chosen, `AsperionError`, `VaultError`.
    """
    connection = find_connection(workspace.shop)
    api = workspace.open_administration(connection.administration.id)
    if workspace.is_page:
        api.limit_time(LISTS_TIME)
    return AdministrationLists(
        vat_codes=tuple(api.list_vat_codes()),
        daybooks=tuple(api.list_daybooks()),
        ledger_accounts=tuple(api.list_ledger_accounts()),
        payment_conditions=tuple(api.list_payment_conditions()),
        debtor_kinds=list_kinds(api.list_debtors(limit=MOST_DEBTORS_SEEN)),
    )


def find_connection(shop: Shop) -> Connection:
    """The shop's connection with an administration. Raises `ConnectRefused` where there is none."""
    check_installed(shop)
    if shop.connection is None or shop.connection.left_at is not None:
        raise ConnectRefused(ConnectObstacle.NOT_CONNECTED)
    return shop.connection


def check_against_lists(
    workspace: Workspace,
    choices: ApiChoices,
    lists: AdministrationLists,
    confirmed: Collection[ProblemKind],
) -> None:
    """Raise `ChoicesRefused` for what speaks against choices today by these lists, but for what may
    be confirmed and is, and for codes that count no more and were confirmed while they did:
    documents of that time may still come. Raises `ConnectRefused` where no administration was
    chosen.
    """
    shop, day = workspace.shop, local_day(workspace.now())
    problems = check_choices(choices, lists, day, home=shop.country)
    former = find_connection(shop).choices
    known = {(TaxedAs.of(one), one.code) for one in former.vat_codes} if former else set()
    left = [
        one
        for one in problems
        if not (one.kind.may_be_confirmed and one.kind in confirmed)
        and not (one.kind is ProblemKind.CODE_ENDED and (one.taxed, one.chosen) in known)
    ]
    if left:
        raise ChoicesRefused(left)
