"""No sentence and no figure of the overview contradicts the ledger, whatever state it is in.

States are drawn: the shop's own, what troubles it, and documents in every state that there is. The
ledger is asked document by document, by nothing that the page asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.causes import LateChange
from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.life import UNSURE
from chalicelib.domain.shop_records import FollowUp, Trouble, WatchFindings
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.usecases.filing.late_arrivals import record_arrival
from chalicelib.usecases.filing.placing import finish_void
from chalicelib.usecases.workspace import open_workspace
from tests.chance import thorough
from tests.edge.web.stored_orders import SHA, advance, claim, hold, place, report, state, wait
from tests.fakes.web import SHOP_ID, Browser, World
from tests.tables.test_file_records import COVER

OVERDUE = timedelta(hours=36)
EXPORTING = (ShopState.ACTIVE, ShopState.CANCELLED)
SHOP_STATES = (*EXPORTING, ShopState.PAUSED, ShopState.DISCONNECTED)
COUNTS = st.integers(0, 3)
CENTS = st.integers(-90_000, 900_000)


@dataclass(frozen=True)
class Day:
    """What a day's statement says: so many documents, and their base in cents when it is known."""

    back: int
    placed: int
    cents: int | None
    currency: str
    verdict: Verdict


@dataclass(frozen=True)
class Scene:
    """How a shop stands. Each number is one of documents."""

    state: ShopState
    is_leaving: bool
    trouble: TroubleCause | None
    next_try: bool
    waiting: int
    late: int
    held: tuple[int, int]
    changed: int
    unknown: int
    being_sent: int
    delivered: int
    doubles: int
    new_methods: int
    chose_a_method: bool
    keeps_totals: bool
    quiet_days: int | None
    is_busy: bool
    days: tuple[Day, ...]


days = st.builds(
    Day,
    back=st.integers(0, 33),
    placed=st.integers(0, 9),
    cents=st.none() | CENTS,
    currency=st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
    verdict=st.sampled_from([Verdict.RIGHT, Verdict.RIGHT, *Verdict]),
)
scenes = st.builds(
    Scene,
    state=st.sampled_from([*SHOP_STATES, *EXPORTING]),
    is_leaving=st.booleans(),
    trouble=st.none() | st.sampled_from(TroubleCause),
    next_try=st.booleans(),
    waiting=COUNTS,
    late=st.just(0) | COUNTS,
    held=st.tuples(COUNTS, COUNTS) | st.just((0, 0)),
    changed=st.just(0) | COUNTS,
    unknown=st.just(0) | COUNTS,
    being_sent=st.just(0) | COUNTS,
    delivered=COUNTS,
    doubles=st.just(0) | COUNTS,
    new_methods=st.just(0) | COUNTS,
    chose_a_method=st.booleans(),
    keeps_totals=st.sampled_from([True, True, True, False]),
    quiet_days=st.none() | st.integers(2, 20),
    is_busy=st.sampled_from([False, False, True]),
    days=st.lists(days, max_size=12, unique_by=lambda day: day.back).map(tuple),
)


def play(scene: Scene) -> tuple[World, str]:
    """The ledger of a scene, and the page that shows it."""
    world = World()
    browser = Browser(world)
    browser.install()
    numbers = (f"ORD{n}" for n in range(1, 99))
    wait(world, *islice(numbers, scene.late))
    world.clock.advance(hours=37)
    browser.arrive()
    bring_orders(world, scene, numbers)
    for day in scene.days:
        store_day(world, day)
    note_findings(world, scene)
    world.shops.update(SHOP_ID, lambda shop: arrange(shop, scene))
    return world, browser.get("/").body


def bring_orders(world: World, scene: Scene, numbers: Iterator[str]) -> None:
    """Orders in every state that there is."""
    wait(world, *islice(numbers, scene.waiting))
    for reason, count in zip(("email_missing", "country_missing"), scene.held, strict=True):
        if count:
            hold(world, reason, *islice(numbers, count))
    for number in islice(numbers, scene.changed):
        report(world, LateChange.EDITED, number)
    if scene.unknown:
        place(world, *islice(numbers, scene.unknown), state=FileState.UNKNOWN)
    if scene.being_sent:
        send(world, list(islice(numbers, scene.being_sent)))
    if scene.delivered:
        place(world, *islice(numbers, scene.delivered))
    if scene.doubles:
        deliver_twice(world, list(islice(numbers, scene.doubles)))


def note_findings(world: World, scene: Scene) -> None:
    """What runs and the watch left beside the shop."""
    now = world.clock()
    world.shops.save(SHOP_ID, Trouble(cause=scene.trouble, since=now - timedelta(hours=3)))
    next_at = now + timedelta(minutes=10) if scene.next_try else None
    world.shops.save(SHOP_ID, FollowUp(failed_at=now, next_at=next_at))
    methods = {f"method-{n}": f"Methode {n}" for n in range(scene.new_methods)}
    found = WatchFindings(at=now, new_methods=methods, quiet_days=scene.quiet_days)
    world.shops.save(SHOP_ID, found)
    if scene.is_busy:
        world.shops.lease(SHOP_ID, "a run", now=now, until=now + timedelta(minutes=5))


def send(world: World, numbers: list[str]) -> FileEntry:
    """A file that is being sent."""
    file, keys = claim(world, *numbers)
    content = FileContent(keys=dict.fromkeys(keys, "print"), sha256=SHA, size=18342)
    return advance(world, file, FileStep.FIX, content)


def arrange(shop: Shop, scene: Scene) -> Shop:
    """The shop as the scene has it, installed long ago."""
    long_ago = shop.installed_at - timedelta(days=60)
    payments = {"paypal": "IDEAL"} if scene.chose_a_method else {}
    policy = replace(shop.policy, payments=payments, keep_totals=scene.keeps_totals)
    return replace(
        shop,
        state=scene.state,
        policy=policy,
        installed_at=long_ago,
        exports_since=long_ago if scene.state.exports else None,
        leaving_since=shop.installed_at if scene.is_leaving else None,
    )


def deliver_twice(world: World, numbers: list[str]) -> None:
    """A file that was given up, whose orders went into another one, and that arrived after all."""
    workspace = open_workspace(world.connector, SHOP_ID)
    first = send(world, numbers)
    given_up = advance(world, first, FileStep.MISS)
    finish_void(workspace, given_up)
    place(world, *numbers)
    stored = world.files.get(SHOP_ID, first.name)
    assert stored is not None
    arrived = record_arrival(workspace, stored, Actor.EXPORT)
    assert arrived is not None
    assert arrived.state is FileState.DOUBLE


def store_day(world: World, day: Day) -> None:
    """Its statement."""
    cover = None
    if day.cents is not None:
        excl = Decimal(day.cents) / 100 if day.placed else Decimal(0)
        vat = (excl * Decimal("0.21")).quantize(Decimal("0.01"))
        treatment = COVER.totals[0].treatment
        line = TreatmentTotal(treatment=treatment, documents=day.placed, excl=excl, vat=vat)
        cover = CoverSheet(currency=day.currency, documents=day.placed, totals=(line,))
    when = local_day(world.clock()) - timedelta(days=day.back)
    files = {f"axml-orders-{when:%Y%m%d}-{SHOP_ID}-901.xml": day.placed} if day.placed else {}
    figures = {"due": day.placed, "placed": day.placed, "files": files, "cover": cover}
    state(world, when.isoformat(), day.verdict, **figures)


@thorough
@given(scenes)
def test_the_overview_says_what_the_ledger_says(scene: Scene) -> None:
    world, body = play(scene)
    page = Page(body)
    ledger = Ledger(world)

    assert page.headline == ledger.headline, page.headline
    assert page.is_calm is ledger.is_fine
    assert page.tiles["Wachtend"] == len(ledger.waiting)
    assert page.tiles["Vastgehouden"] == len(ledger.held)
    assert page.attention == (len(ledger.asking) or None)
    assert page.listed == ledger.listed
    assert page.says(r"(\d+) bestelling\w* (?:wordt|worden) nagegaan") == (ledger.uncertain or None)
    assert page.says(r"(\d+) bestelling\w* (?:wordt|worden) nu afgeleverd") == (
        ledger.underway or None
    )
    assert page.waiting_said == len(ledger.waiting) or (page.waiting_said is None and scene.is_busy)
    assert page.rows == ledger.rows
    assert ("De volgende poging" in page.text or "Vannacht om" in page.text) is (
        world.shop.state.exports and not scene.is_busy
    ) or scene.next_try
    assert ("is op pauze" in page.text or "staat op pauze" in page.text) is (
        scene.state is ShopState.PAUSED
    )
    if not ledger.is_fine:
        assert "Alles is binnen" not in page.text


class Page:
    """What a merchant reads on the overview."""

    def __init__(self, body: str) -> None:
        main = body.partition("<main")[2].partition("</main>")[0]
        self.body = main
        self.text = plain(main)
        self.headline = plain(self.find(r"<h1>(.*?)</h1>"))
        self.is_calm = '<span class="badge good">' in main
        tiles = re.findall(r"<dt>([^<]*)</dt><dd>(\d+)", main.partition('class="tiles"')[2])
        self.tiles = {name: int(value) for name, value in tiles[:3]}

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.body, re.DOTALL)
        return "" if found is None else found[1]

    def says(self, pattern: str) -> int | None:
        """The number in a sentence at the top of the page."""
        top = plain(self.body.partition('class="headline"')[2].partition("</div></div>")[0])
        top = plain(self.find(r'class="headline">(.*?)</div>\s*</div>')) or top
        found = re.search(pattern, top)
        return None if found is None else int(found[1])

    @property
    def attention(self) -> int | None:
        return self.says(r"(\d+) bestelling\w* vra\w+ uw aandacht")

    @property
    def waiting_said(self) -> int | None:
        """How many orders wait, as the sentences at the top say it."""
        said = self.says(r"Er wacht\w* (\d+) bestelling")
        said = said or self.says(r"(\d+) bestelling\w* ga\w+ vannacht om 02:15 mee")
        return 0 if said is None and "Er wacht geen bestelling" in self.text else said

    @property
    def listed(self) -> Counter[str]:
        """What is listed below as asking for somebody, in orders."""
        groups = re.findall(r'<span class="chip warn">(\d+) bestelling', self.section("held"))
        changed = self.section("changed").count('<a class="number"')
        doubles = re.findall(r"<strong>(\d+) bestelling\w* sta\w+ dubbel", self.body)
        return +Counter(held=sum(map(int, groups)), changed=changed, double=sum(map(int, doubles)))

    def section(self, name: str) -> str:
        return self.find(rf'<section aria-labelledby="{name}">(.*?)</section>')

    @property
    def rows(self) -> dict[str, list[str]]:
        """The rows of what was delivered: orders, without VAT, VAT, with VAT."""
        table = self.find(r'<table class="money periods">(.*?)</table>')
        rows = re.findall(r'<th scope="row">(\w+(?: maand)?)(.*?)</tr>', table, re.DOTALL)
        return {
            name: [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
            for name, row in rows
        }


class Ledger:
    """What the stored documents, files and statements say, each looked at by itself."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shop = world.shop
        entries = list(world.entries.items.get(SHOP_ID, {}).values())
        self.files: list[FileEntry] = list(world.files.items.get(SHOP_ID, {}).values())
        self.waiting = [e for e in entries if e.state is EntryState.WAITING]
        self.held = [e for e in entries if e.state is EntryState.HELD]
        self.changed = [e for e in entries if e.change is not None]
        self.double = [
            (file, entry)
            for file in self.files
            if file.state is FileState.DOUBLE
            for entry in entries
            if entry.key in file.keys and entry.file != file.name
        ]
        self.uncertain = self._count_claimed(entries, FileState.UNKNOWN)
        self.underway = sum(self._count_claimed(entries, s) for s in UNSURE) - self.uncertain
        kept = world.shops.kept[SHOP_ID].values()
        stated = [each for each in kept if isinstance(each, DayStatement)]
        self.days = {each.day: each for each in stated}

    def _count_claimed(self, entries: list[Entry], state: FileState) -> int:
        names = {file.name for file in self.files if file.state is state}
        return sum(e.state is EntryState.CLAIMED and e.file in names for e in entries)

    @property
    def asking(self) -> set[str]:
        twice = (entry for _, entry in self.double)
        return {entry.key for entry in (*self.held, *self.changed, *twice)}

    @property
    def listed(self) -> Counter[str]:
        return +Counter(held=len(self.held), changed=len(self.changed), double=len(self.double))

    @property
    def overdue(self) -> int:
        if not self.shop.state.exports:
            return 0
        return sum(e.since <= self.world.clock() - OVERDUE for e in self.waiting)

    @property
    def is_wrong(self) -> bool:
        """Whether the last day that is known to be right or wrong is wrong."""
        decided = [d for d in self.days.values() if d.verdict is not Verdict.RUNNING]
        newest = max(decided, key=lambda each: each.day, default=None)
        return newest is not None and newest.verdict is Verdict.WRONG

    @property
    def new_methods(self) -> int:
        findings = self.world.shops.load(SHOP_ID, WatchFindings)
        is_asked = bool(self.shop.policy.payments)
        return len(findings.new_methods) if findings is not None and is_asked else 0

    @property
    def is_troubled(self) -> bool:
        kept = self.world.shops.load(SHOP_ID, Trouble)
        return kept is not None and kept.cause is not None

    @property
    def is_fine(self) -> bool:
        wrong = (self.asking, self.uncertain, self.overdue, self.is_wrong, self.new_methods)
        return self.shop.state.exports and not self.is_troubled and not any(wrong)

    @property
    def headline(self) -> str:
        """The first of these sentences that is true."""
        arrived = [file for file in self.files if file.state is not FileState.VOID]
        methods = self.new_methods
        sentences = (
            (
                self.shop.state is ShopState.DISCONNECTED,
                "De koppeling heeft geen toegang tot uw webwinkel",
            ),
            (self.shop.state is ShopState.PAUSED, "De koppeling staat op pauze"),
            (self.is_troubled, "Er komt nu niets aan in Asperion"),
            (self.asking, count_orders(len(self.asking), "vraagt|vragen", "uw aandacht")),
            (self.is_wrong, "Een dag klopt niet"),
            (self.overdue, count_orders(self.overdue, "wacht|wachten", "te lang")),
            (methods == 1, "1 nieuwe betaalmethode wacht op uw keuze"),
            (methods, f"{methods} nieuwe betaalmethoden wachten op uw keuze"),
            (self.uncertain, count_orders(self.uncertain, "wordt|worden", "nagegaan")),
            (not arrived and not self.days, "De koppeling staat klaar"),
            (True, "Alles is binnen"),
        )
        return next(sentence for is_so, sentence in sentences if is_so)

    @property
    def rows(self) -> dict[str, list[str]]:
        """The rows that the page is to show, added up in cents."""
        today = local_day(self.world.clock())
        yesterday = today - timedelta(days=1)
        month = [today - timedelta(days=n) for n in range(today.day)]
        found = {"Gisteren": self._row([yesterday])}
        if today in self.days:
            found["Vandaag"] = self._row([today])
        found["Deze maand"] = self._row(month)
        return found

    def _row(self, days: list[date]) -> list[str]:
        stated = [self.days[day] for day in days if day in self.days]
        if not stated:
            return ["niet bekend"] * 4
        orders = str(sum(each.placed for each in stated))
        busy = [each for each in stated if each.placed]
        known = [e.cover for e in busy if e.cover is not None and self.shop.policy.keep_totals]
        currencies = {cover.currency for cover in known}
        if len(currencies) > 1 or (busy and not known):
            return [orders, *["niet bekend"] * 3]
        excl = sum((cover.excl for cover in known), Decimal(0))
        vat = sum((cover.vat for cover in known), Decimal(0))
        unit = next(iter(currencies), "EUR")
        return [orders, *(write(amount, unit) for amount in (excl, vat, excl + vat))]


def count_orders(count: int, verb: str, rest: str) -> str:
    """So many orders do something."""
    one, many = verb.split("|")
    who, does = ("bestelling", one) if count == 1 else ("bestellingen", many)
    return f"{count} {who} {does} {rest}"


def write(amount: Decimal, unit: str) -> str:
    """An amount as a Dutch merchant reads it."""
    grouped = f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{'€' if unit == 'EUR' else unit} {'-' if amount < 0 else ''}{grouped}"


def plain(markup: str) -> str:
    """What is read, without tags, a space between words."""
    text = unescape(re.sub(r"<[^>]*>", " ", markup)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text).strip()
