"""The port `Shops`: the small records kept beside a shop, and the statements of its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.app_standing import AppStanding, Witness
from chalicelib.domain.choice_history import ChoiceChange, ChoiceHistory
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.connect_requests import ConnectRequest, ConnectRequests
from chalicelib.domain.connection import AsperionTokens, ChosenCode
from chalicelib.domain.discrepancies import Discrepancy, DiscrepancyKind
from chalicelib.domain.distance_sales import DistanceFigure
from chalicelib.domain.events import Actor
from chalicelib.domain.file_names import write_name
from chalicelib.domain.fleet_halt import FleetHalt, FleetPart, Halt
from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.journal import JournalEntry, hash_text, make_entry, name_entry
from chalicelib.domain.landed import (
    LandedDelivery,
    LandedPart,
    ReadBack,
    UnreadCause,
    landing_name,
)
from chalicelib.domain.lifetime_progress import KeptTable, LifetimeProgress
from chalicelib.domain.listed_money import ListedMoney, ListedTotal
from chalicelib.domain.mail_records import MailChoices, MailKind, MailProgress, Sending
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.month_files import DatedFiles, MonthFiles, month_name
from chalicelib.domain.nights import SliceProgress
from chalicelib.domain.open_records import JoinedLists, OpenFiles, RecentDrops
from chalicelib.domain.policy_edits import Edit
from chalicelib.domain.repeated_requests import Request, Requests
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seat_records import Invitation, Invitations, MailsToHolder, UsedSignIn
from chalicelib.domain.seats import SeatRight
from chalicelib.domain.sending_progress import SendingProgress, SentDocument, SentPart
from chalicelib.domain.shop_records import (
    EndedSessions,
    FollowUp,
    ForgottenTotals,
    HolderSessions,
    RefundProgress,
    RereadProgress,
    SharedAddresses,
    ShopRecord,
    SourceChange,
    SweepProgress,
    Trouble,
    UsedLink,
    UsedLinks,
    UsedUpBudget,
    WatchFindings,
)
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import (
    DayStatement,
    JournalMark,
    ShopCheck,
    Verdict,
    statement_name,
)
from chalicelib.domain.tasks import Task
from chalicelib.domain.vat_answers import VatAnswer, VatVerdict
from chalicelib.domain.vat_numbers import SuppliedMonth, VatNumber, VatStanding, name_number
from chalicelib.errors import LedgerError
from tests.fakes.journals import make_journal
from tests.fakes.open_vault import seal, sealed_before
from tests.tables.conftest import NOW, Ledger, after, new_shop_id
from tests.tables.returns import RETURNS
from tests.tables.stepping import SOUGHT
from tests.tables.test_file_records import COVER

LOCAL = NOW.astimezone(timezone(timedelta(hours=1)))
STARTED = Migration(
    state=MigrationState.RUNNING,
    first=LOCAL,
    last=NOW,
    excepted=frozenset({"ORD00099", "ORD 1\n2"}),
    at=NOW,
)
STATEMENT = DayStatement(
    day=NOW.date(),
    at=NOW,
    opened=1,
    due=2,
    placed=2,
    held=1,
    files={"axml-orders-20260123-1-001.xml": 2},
    unfinished=("axml-orders-20260123-1-002.xml",),
    previous_left=1,
    left_numbers=("ORD3",),
    check=ShopCheck(
        since=LOCAL,
        at=NOW,
        due=3,
        missing=1,
        missing_numbers=("ORD4",),
        is_whole=True,
        money=ListedMoney(
            currency="EUR",
            listed=ListedTotal(documents=3, incl=Decimal("36.30")),
            placed=ListedTotal(documents=2, incl=Decimal("24.20")),
            changed=ListedTotal(),
            held=ListedTotal(documents=1, incl=Decimal("12.10")),
            dropped=ListedTotal(),
            waiting=ListedTotal(),
            uneven_files=("axml-orders-20260123-1-001.xml",),
        ),
    ),
    cover=COVER,
    discrepancies=(
        Discrepancy(kind=DiscrepancyKind.MISSING, count=1, names=("ORD4",)),
        Discrepancy(kind=DiscrepancyKind.OPENING, count=2),
    ),
    unfiled=("order-301204417", "reversal-301204418"),
    more_unfiled=1,
    verdict=Verdict.WRONG,
    sha256={"axml-orders-20260123-1-001.xml": "5f" * 32},
    is_closed=True,
    mark=JournalMark(number=7, hash="0a" * 32, corrections=(9,)),
)
ENTRY = make_entry(184520, None, STATEMENT, salt="5a" * 16)
NUMBER = VatNumber(
    mark="k.1",
    country="BE",
    sealed_number=seal("BE0403019261", SecretKind.VAT_NUMBER),
    kept_until=date(2027, 3, 31),
    months=(
        SuppliedMonth(month=date(2026, 1, 1)),
        SuppliedMonth(
            month=date(2026, 2, 1),
            answer=VatAnswer(verdict=VatVerdict.VALID, at=LOCAL, consultation="WAPIAAAAX_1-2"),
        ),
    ),
    last=VatAnswer(verdict=VatVerdict.INVALID, at=NOW),
    unproven=("order-301204417", "invoice-7"),
)
LANDED = LandedDelivery(
    at=LOCAL,
    documents=3,
    parts={
        date(2026, 1, 22): LandedPart(
            at=NOW,
            delivered=3,
            landed=1,
            definitive=1,
            uncompared=1,
            moved=1,
            gone=("ORD1",),
            changed=("ORD2",),
            twice=("ORD3",),
            doubtful=("ORD4",),
            codes={"H": CodeTotal(excl=Decimal("20.00"), vat=Decimal("4.20"))},
        ),
        date(2026, 1, 23): LandedPart(at=LOCAL),
    },
    vat_codes=(ChosenCode(kind=VatKind.DOMESTIC, country="NL", rate=Decimal("0.21"), code="H"),),
)
MONTH = MonthFiles(at=NOW, numbers={"20260123": (1, 2), "20260201": (1,)}, is_full=True)
PART = SentPart(sha256="a" * 64, size=812, cover=STATEMENT.cover, returns=RETURNS)
EVERY_RECORD: tuple[ShopRecord, ...] = (
    SliceProgress(
        task=Task.EXPORT, slot="slot-07", run="n", due_at=LOCAL, started_at=NOW, at=after(1)
    ),
    SliceProgress(
        task=Task.WATCH,
        slot="slot-63",
        part=FleetPart.EU1,
        run="night",
        due_at=LOCAL,
        started_at=NOW,
        at=after(2),
        after=184520,
        sent=1563,
        done_at=after(2),
    ),
    FleetHalt(),
    FleetHalt(parts={FleetPart.ALL: Halt(since=LOCAL, reason="n"), FleetPart.US1: Halt(since=NOW)}),
    ReadBack(),
    ReadBack(
        at=NOW,
        until=LOCAL,
        unread_since=NOW,
        cause=UnreadCause.CLOSED,
        missing={"order-301204417": LOCAL},
        next_day=date(2026, 1, 22),
    ),
    Invitations(),
    Invitations(
        by_hash={
            "9f86d081884c7d659a2feaa0c55ad015": Invitation(
                rights=frozenset({SeatRight.SOLVE}),
                made_at=LOCAL,
                until=after(60),
                installed_at=NOW,
                address=seal("boekhouder@kantoor.example", SecretKind.SEAT_ADDRESS),
                holder="4c7d659a.2feaa0c55ad0153a2feaa0c55ad0153a",
            ),
            "3a7bd3e2360a3d29eea436fcfb7e44c7": Invitation(
                rights=frozenset(),
                made_at=NOW,
                until=after(60),
                installed_at=LOCAL,
                claims=2,
                taken_by="4c7d659a.2feaa0c55ad0153a2feaa0c55ad0153a",
                accepted_at=after(5),
            ),
        },
        made_at=(LOCAL, NOW),
    ),
    MailsToHolder(asked_at=(LOCAL, NOW), needed_until=after(60)),
    UsedSignIn(needed_until=after(20)),
    HolderSessions(
        ended=EndedSessions(before=LOCAL, begun_at={"q2Zk": NOW}), needed_until=after(720)
    ),
    MailChoices(),
    MailChoices(
        wanted=frozenset({MailKind.WEEKLY}),
        era=2,
        proposed=seal("boekhouder@example.nl", SecretKind.MAIL_ADDRESS),
        proposed_at=(LOCAL, NOW),
    ),
    MailProgress(),
    MailProgress(
        begun_on=NOW.date(),
        reported=frozenset({"9f86d08188", "4c7d659a2f"}),
        reported_at=LOCAL,
        receipt_of=date(2026, 1, 19),
        threshold_reported=frozenset({"2026/near", "2026/reached"}),
        last=Sending.REFUSED,
        last_at=NOW,
    ),
    UsedLinks(by_link={"9f86d081884c7d65": UsedLink(session="q2Zk", until=after(20))}),
    EndedSessions(before=LOCAL, begun_at={"q2Zk": NOW}),
    FollowUp(
        failed_at=NOW,
        tries=1,
        next_at=after(3600),
        comes_at=after(900),
        run="night+024501000000",
        unfinished_since=NOW,
    ),
    SweepProgress(since=LOCAL, started=NOW, after_id=7, unfinished_since=LOCAL),
    SweepProgress(since=NOW, started=NOW),
    AppStanding(),
    AppStanding(
        refused_since=LOCAL,
        tried_at=NOW,
        accepted_at=LOCAL,
        witnesses={184520: Witness(answered_at=LOCAL, refused_at=NOW, asked_at=NOW), 7: Witness()},
    ),
    SourceChange(at=NOW, swept_until=LOCAL),
    RefundProgress(until=LOCAL),
    RefundProgress(until=NOW, left={"order-1": LOCAL, "invoice-7": NOW}),
    RereadProgress(until=NOW, left={301204417: LOCAL, 7: NOW + timedelta(microseconds=1)}),
    UsedUpBudget(until=NOW, next_at=LOCAL, run="export-2026-01-23"),
    Trouble(),
    Trouble(cause=TroubleCause.LICENCE, since=NOW, at=LOCAL),
    WatchFindings(at=NOW, new_methods={"klarna": "Klarna – achteraf", "cash": ""}, quiet_days=4),
    WatchFindings(at=NOW),
    ForgottenTotals(until=NOW.date()),
    LifetimeProgress(left_at=NOW, table=KeptTable.FILES, after="order-7"),
    LifetimeProgress(table=None),
    SharedAddresses(reported=("a" * 32, "b" * 32), shown={"b" * 32: ("order-1", "invoice-7")}),
    STARTED,
    ChoiceHistory(),
    ChoiceHistory(
        last=7,
        changes=(
            ChoiceChange(
                number=6,
                at=LOCAL,
                by=Actor.MERCHANT,
                edits=(
                    Edit(field="date_basis", before="order", after="payment"),
                    Edit(field="kor_since", after="2026-07-01"),
                    Edit(field="on_account", before=False, after=True),
                    Edit(field="payments", key="klarna", after="", title="Klarna – achteraf"),
                    Edit(field="default_payment", before="-"),
                ),
            ),
            ChoiceChange(number=7, at=NOW, by=Actor.OPERATOR, left_out=3, takes_back=6),
        ),
    ),
    InstallationProgress(began_at=NOW, has_payments=True, since=LOCAL.date()),
    InstallationProgress(began_at=LOCAL),
    OpenFiles(names=("axml-orders-20260123-1-001.xml", "axml-orders-20260123-1-002.xml")),
    JoinedLists(at=NOW),
    RecentDrops(),
    RecentDrops(
        days={"order-7": NOW.date(), "invoice-8": date(2026, 1, 22)}, incomplete_on=NOW.date()
    ),
    NUMBER,
    VatNumber(
        mark="k.2",
        country="EL",
        sealed_number=seal("EL094259216", SecretKind.VAT_NUMBER),
        kept_until=date(2027, 6, 30),
    ),
    VatStanding(),
    VatStanding(waiting=("order-7",), is_requester_refused=True),
    AsperionTokens(
        access=seal("access", SecretKind.ASPERION_ACCESS), expires_at=after(60), granted_at=NOW
    ),
    AsperionTokens(
        access=seal("access", SecretKind.ASPERION_ACCESS),
        refresh=seal("refresh", SecretKind.ASPERION_REFRESH),
        expires_at=after(60),
        granted_at=LOCAL,
        lease_owner="night/1",
        lease_until=after(1),
        refused_since=NOW,
        tried_at=after(1),
    ),
    ConnectRequests(),
    ConnectRequests(
        by_state={
            "a": ConnectRequest(session="b", until=LOCAL),
            "c": ConnectRequest(session="d", until=NOW, used_at=after(1)),
        }
    ),
    SendingProgress(at=NOW),
    SendingProgress(
        at=LOCAL,
        last=SentDocument(
            key="order-9",
            sought=SOUGHT,
            alone=SentPart(sha256="b" * 64, size=1),
            together=PART,
        ),
        placed=("order-7", "order-8"),
        before=PART,
        is_closed=True,
        is_different=True,
        doubt="axml-orders-20260123-1-002.api",
    ),
    DatedFiles(first="axml-orders-20260123-1-001.xml"),
    DistanceFigure(year=2026, excl=Decimal("-8000.10"), before=Decimal("0.00")),
    Requests(by_reason={"a": Request(at=NOW, file="f")}, by_call={"b": Request(at=LOCAL)}),
)


def test_a_record_is_replaced(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.load(shop_id, Migration) is None
    ledger.shops.save(shop_id, STARTED)
    ledger.shops.save(shop_id, replace(STARTED, taken=13, excepted=frozenset()))
    assert ledger.shops.load(shop_id, Migration) == replace(STARTED, taken=13, excepted=frozenset())
    assert ledger.shops.load(new_shop_id(), Migration) is None


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: type(record).__name__)
def test_every_record_comes_back_as_it_was_saved(
    ledger: Ledger, shop_id: int, record: ShopRecord
) -> None:
    ledger.shops.save(shop_id, record)
    assert ledger.shops.load(shop_id, type(record)) == record


def test_every_kind_of_record_is_tried() -> None:
    assert {type(record) for record in EVERY_RECORD} == set(get_args(ShopRecord))


def test_a_record_is_changed_from_what_it_is(ledger: Ledger, shop_id: int) -> None:
    def take_one_more(stored: Migration | None) -> Migration:
        begun = stored or STARTED
        return replace(begun, taken=begun.taken + 1)

    change, kind = ledger.shops.change, Migration
    assert change(shop_id, kind, take_one_more) == replace(STARTED, taken=1)
    assert change(shop_id, kind, take_one_more) == replace(STARTED, taken=2)
    assert change(shop_id, kind, lambda _: None) == replace(STARTED, taken=2)
    assert change(shop_id, kind, lambda stored: stored) == replace(STARTED, taken=2)
    assert ledger.shops.load(shop_id, kind) == replace(STARTED, taken=2)
    assert change(shop_id, Trouble, lambda stored: stored) is None
    assert ledger.shops.load(shop_id, Trouble) is None


def keep(ledger: Ledger, shop_id: int, statement: DayStatement) -> None:
    name = statement_name(statement.day)
    assert ledger.shops.change(shop_id, DayStatement, lambda _: statement, name) == statement


def test_the_statements_of_the_last_days_come_newest_first(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.save(shop_id, STARTED)
    for day in (21, 23, 22):
        drawn_up = replace(STATEMENT, day=date(2026, 1, day), due=day)
        keep(ledger, shop_id, drawn_up)

    newest = [replace(STATEMENT, day=date(2026, 1, day), due=day) for day in (23, 22)]
    assert ledger.shops.statements(shop_id, 2) == newest
    assert ledger.shops.load(shop_id, DayStatement, "day-2026-01-23") == newest[0]
    assert len(ledger.shops.statements(shop_id, 9)) == 3
    names = ["day-2026-01-22", "day-2026-01-24"]
    assert ledger.shops.load_all(shop_id, DayStatement, names) == {names[0]: newest[1]}
    assert ledger.shops.statements(new_shop_id(), 9) == []


def keep_number(ledger: Ledger, shop_id: int, number: VatNumber) -> None:
    name = name_number(number.mark)
    assert ledger.shops.change(shop_id, VatNumber, lambda _: number, name) == number


def test_of_some_kinds_there_are_many_and_each_goes_by_itself(ledger: Ledger, shop_id: int) -> None:
    other = replace(NUMBER, mark="k.2")
    for each in (NUMBER, other):
        keep_number(ledger, shop_id, each)
    ledger.shops.save(shop_id, VatStanding(waiting=("order-7",)))
    ledger.shops.save(shop_id, STARTED)
    both = {"vat-number-k.1": NUMBER, "vat-number-k.2": other}
    assert ledger.shops.load_each(shop_id, VatNumber) == both
    assert ledger.shops.load_each(new_shop_id(), VatNumber) == {}
    assert ledger.shops.load_all(shop_id, VatNumber, ["vat-number-k.2", "vat-number-k.3"]) == {
        "vat-number-k.2": other
    }
    for name in ("vat-number-k.1", "vat-number-k.3"):
        ledger.shops.forget_if(shop_id, VatNumber, lambda kept: kept == NUMBER, name)
    ledger.shops.forget_if(shop_id, VatNumber, lambda kept: kept == NUMBER, "vat-number-k.2")
    assert ledger.shops.load_each(shop_id, VatNumber) == {"vat-number-k.2": other}
    assert ledger.shops.load(shop_id, VatStanding) is not None


def test_a_record_that_is_changed_while_it_is_about_to_go_is_judged_again(
    ledger: Ledger, shop_id: int
) -> None:
    keep_number(ledger, shop_id, NUMBER)
    longer = replace(NUMBER, kept_until=date(2028, 3, 31))
    seen: list[date] = []

    def is_over(kept: VatNumber) -> bool:
        seen.append(kept.kept_until)
        if kept != longer:
            keep_number(ledger, shop_id, longer)
        return kept != longer

    name = name_number(NUMBER.mark)
    ledger.shops.forget_if(shop_id, VatNumber, is_over, name)
    assert seen == [NUMBER.kept_until, longer.kept_until]
    assert ledger.shops.load(shop_id, VatNumber, name) == longer


def test_a_secret_in_a_record_that_is_sealed_anew_is_stored_so(
    ledger: Ledger, shop_id: int
) -> None:
    keep_number(ledger, shop_id, replace(NUMBER, sealed_number=sealed_before(NUMBER.sealed_number)))
    keep_number(ledger, shop_id, NUMBER)
    [kept] = ledger.shops.load_each(shop_id, VatNumber).values()
    assert kept.sealed_number.key == NUMBER.sealed_number.key


def test_a_number_has_an_end_of_its_own_that_coming_back_does_not_take_away(
    ledger: Ledger, shop_id: int
) -> None:
    keep_number(ledger, shop_id, NUMBER)
    ledger.shops.renew_lifetimes(shop_id, left_at=None, after="", limit=100)
    ledger.shops.keep_notes(shop_id)
    [item] = ledger.shops.extract(shop_id)
    ends = int(datetime(2027, 3, 31, 22, tzinfo=UTC).timestamp())  # midnight in Amsterdam
    assert item.values["expires"] == ends


def test_the_journal_comes_newest_first_and_by_number(ledger: Ledger, shop_id: int) -> None:
    entries = make_journal(12, shop=shop_id)
    for entry in (*entries[6:], *entries[:6]):
        assert add_entry(ledger, shop_id, entry) == entry
    assert ledger.shops.journal(shop_id, 3) == entries[:8:-1]
    assert ledger.shops.journal(shop_id, 99, before=3) == entries[1::-1]
    assert ledger.shops.journal(shop_id, 99, before=1) == []
    assert ledger.shops.load_all(shop_id, JournalEntry, [name_entry(2), name_entry(13)]) == {
        name_entry(2): entries[1]
    }
    assert ledger.shops.statements(shop_id, 9) == []
    assert ledger.shops.journal(new_shop_id(), 9) == []


def test_an_entry_of_the_journal_is_written_once_and_read_to_the_letter(
    ledger: Ledger, shop_id: int
) -> None:
    first, other = make_journal(1)[0], make_journal(1, first=date(2026, 1, 1))[0]
    assert add_entry(ledger, shop_id, first) == first
    assert add_entry(ledger, shop_id, other) == first
    [stored] = ledger.shops.journal(shop_id, 9)
    assert hash_text(stored.text) == stored.hash


def add_entry(ledger: Ledger, shop_id: int, entry: JournalEntry) -> JournalEntry | None:
    """Write an entry unless there is one of its number."""

    def add(kept: JournalEntry | None) -> JournalEntry | None:
        return entry if kept is None else None

    return ledger.shops.change(shop_id, JournalEntry, add, entry.name)


def test_the_files_of_a_month_are_kept_by_their_names(ledger: Ledger, shop_id: int) -> None:
    march = month_name(date(2026, 3, 31))
    names = [write_name("20260401", shop_id, 2), write_name("20260331", shop_id, 7)]

    def add(name: str) -> MonthFiles | None:
        return ledger.shops.change(
            shop_id, MonthFiles, lambda kept: (kept or MonthFiles(at=NOW)).add(name, LOCAL), march
        )

    first, second, again = (add(name) for name in (*names, names[0]))
    assert first is not None
    assert second is not None
    assert (first.list_names(shop_id), second.list_names(shop_id)) == (names[:1], names[::-1])
    assert again == second == ledger.shops.load(shop_id, MonthFiles, march)
    assert ledger.shops.load_all(shop_id, MonthFiles, ["month-2026-03", "month-2026-04"]) == {
        march: second
    }
    assert ledger.shops.statements(shop_id, 9) == []


def test_what_asperion_showed_stays_when_the_shop_leaves(ledger: Ledger, shop_id: int) -> None:
    name = landing_name("axml-orders-20260123-1-001.api")
    ledger.shops.change(shop_id, LandedDelivery, lambda _: LANDED, name)
    ledger.shops.save(shop_id, ReadBack(at=NOW))
    ledger.shops.forget_notes(shop_id, ())
    assert ledger.shops.load(shop_id, LandedDelivery, name) == LANDED
    assert ledger.shops.load(shop_id, ReadBack) is None


def test_a_record_that_cannot_be_understood_is_an_error_of_ours(
    tables: Tables, shop_id: int
) -> None:
    model: Any = tables.shops._model
    model(shop_id, "note#sweep", noted={"since": "yesterday"}).save()
    with pytest.raises(LedgerError, match=f"note#sweep of shop {shop_id} cannot be understood"):
        tables.shops.load(shop_id, SweepProgress)
