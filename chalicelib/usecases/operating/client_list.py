"""All shops of a bookkeeper as they stand, the worst first.

A page of this costs what the overview of each shop costs, shops side by side: two queries a shop.
Which is the worst is known only once all are read, so all are, as far as the time of a page allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileState
from chalicelib.domain.periods import Period, PeriodKind, find_period
from chalicelib.errors import LedgerError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.overview import Headline, Overview, read_overview
from chalicelib.usecases.shop.seat_holders import Client, find_seats
from chalicelib.usecases.workspace import Workspace

AT_ONCE = 8
"""Shops that are read at once; the tables' client keeps ten connections."""

READING_TIME = timedelta(seconds=18)
"""After that no shop is begun: the page has to be there before API Gateway gives up, at 29 s."""

SHOWN = 50
"""Shops on one page."""

_URGENCY = {headline: n for n, headline in enumerate(Headline)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStanding:
    """A bookkeeper's client as it stands; `overview` is None when it could not be read just now, or
    there was no time left for it.
    """

    client: Client
    overview: Overview | None

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something about it, as far as that is known."""
        return self.overview is not None and self.overview.headline.asks

    @property
    def held_since(self) -> datetime | None:
        """Since when the order is held that is held for the longest time."""
        groups = () if self.overview is None else self.overview.held
        return min((entry.since for group in groups for entry in group.entries), default=None)

    @property
    def delivered_at(self) -> datetime | None:
        """When the last file arrived, among the newest ones."""
        files = () if self.overview is None else self.overview.files
        placed = (file.since for file in files if file.state is FileState.PLACED)
        return max(placed, default=None)

    def count_open(self, period: Period) -> int:
        """How many documents with a day in that period may still change its return: they wait, are
        under way or held, or changed after they were booked.
        """
        days = () if self.overview is None else self.overview.open_days
        return sum(day in period for day in days)

    @property
    def has_more_open(self) -> bool:
        """Whether there are more such documents than were counted."""
        seen = self.overview
        return seen is not None and (seen.has_more_asking or seen.has_more_waiting)

    @property
    def urgency(self) -> tuple[int, int, float, str, int]:
        """Sorts the worst first: by the sentence that matters, then by how many documents ask, then
        by how long. What is not known comes before all that asks for nothing.
        """
        shop, seen = self.client.shop, self.overview
        rank = _URGENCY[Headline.CHECKED] if seen is None else _URGENCY[seen.headline]
        since = self.held_since
        return (
            2 * rank + (seen is not None),
            0 if seen is None else -seen.attention,
            float("inf") if since is None else since.timestamp(),
            shop.title.casefold(),
            shop.shop_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientList:
    """One page of a bookkeeper's clients, the worst first.

    `count` is how many he has, `found` how many of them fit what he sought, `asking` how many of
    these ask for somebody, and `unread` of how many it is not known. `number` is that of the page,
    from 1 to `pages`. `now` and `before` are the present quarter and the one before.
    """

    shown: tuple[ClientStanding, ...]
    count: int
    found: int
    asking: int
    unread: int
    number: int
    pages: int
    now: Period
    before: Period


def read_clients(
    connector: Connector, holder: str, *, sought: str = "", number: int = 1
) -> ClientList:
    """The shops of which the holder has a seat; with `sought` those whose title, domain or number
    has that text. A page number that is too high gives the last page.
    """
    clients = find_seats(connector, holder)
    fitting = [client for client in clients if _fits(client, sought)]
    standings = sorted(_read_all(connector, fitting), key=lambda each: each.urgency)
    pages = max(-(-len(standings) // SHOWN), 1)
    number = min(number, pages)
    quarter = find_period(PeriodKind.QUARTER, local_day(connector.clock()))
    return ClientList(
        shown=tuple(standings[(number - 1) * SHOWN : number * SHOWN]),
        count=len(clients),
        found=len(fitting),
        asking=sum(each.asks for each in standings),
        unread=sum(each.overview is None for each in standings),
        number=number,
        pages=pages,
        now=quarter,
        before=quarter.step(-1),
    )


def _fits(client: Client, sought: str) -> bool:
    shop, text = client.shop, sought.casefold()
    return (
        text in shop.title.casefold() or text in shop.domain.casefold() or text == str(shop.shop_id)
    )


def _read_all(connector: Connector, clients: Sequence[Client]) -> Iterator[ClientStanding]:
    """Every client as it stands. The first is read alone: it opens the connections that the others
    share.
    """
    until = connector.clock() + READING_TIME
    for client in clients[:1]:
        yield _read(connector, client, until)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda client: _read(connector, client, until), clients[1:])


def _read(connector: Connector, client: Client, until: datetime) -> ClientStanding:
    """One client. What keeps one shop from being read keeps no other from being shown."""
    overview = None
    if connector.clock() < until:
        with suppress(LedgerError):
            overview = read_overview(Workspace(connector, client.shop, is_page=True))
    return ClientStanding(client=client, overview=overview)
