"""The try-out in Asperion: the shop's newest documents are judged, and Asperion is asked about each
invoice whether it would take it. Nothing is stored, here or there; a debtor who would have to be
made is asked about as well.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from chalicelib.domain.administrations import choose_debtor
from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.concepts import Concept
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.holds import HeldBack, Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionInvalid,
    AsperionNotSent,
    AsperionUnavailable,
    AsperionUnknown,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AsperionApi
from chalicelib.usecases.judging.page_reading import Extent
from chalicelib.usecases.judging.trying_out import Tried, try_out
from chalicelib.usecases.operating.connection_reading import find_connection
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

MOST_ASKED = 10
"""Documents of one try-out."""

PAGE_TIME = timedelta(seconds=25)
"""After it no call of a page is begun or goes on. API Gateway gives a page up after 29 seconds."""

_PASSING = (AsperionBusy, AsperionNotSent, AsperionUnavailable, AsperionUnknown)


class AskedResult(Enum):
    """What Asperion says of a document."""

    FINE = auto()
    REFUSED = auto()  # by its `fields`
    HELD = auto()  # it is not asked: judged, the document is held, see `hold`
    NOTHING = auto()  # there is nothing to book
    NOT_ASKED = auto()  # the time was over, or Asperion answers no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDocument:
    """A document, and what Asperion says of it. `hold` is why it would be held; `fields` are codes
    of `domain.refused_fields.RefusedField`.
    """

    tried: Tried
    result: AskedResult
    hold: Hold | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTryOut:
    """What was tried, the newest first, how far reading the shop came, and whether Asperion stopped
    answering.
    """

    documents: tuple[AskedDocument, ...]
    extent: Extent
    is_cut: bool

    @property
    def is_refused(self) -> bool:
        """Whether Asperion refuses any of it."""
        return any(each.result is AskedResult.REFUSED for each in self.documents)

    @property
    def is_fine(self) -> bool:
        """Whether nothing of what was asked is refused or held, and something was asked."""
        results = {each.result for each in self.documents}
        return AskedResult.FINE in results and results <= {AskedResult.FINE, AskedResult.NOTHING}


def try_in_asperion(
    workspace: Workspace, choices: ApiChoices | None = None, *, limit: int = MOST_ASKED
) -> AskedTryOut:
    """Try the newest documents under these choices, or those that were confirmed; at most as many
    as a page has the time for.

    Raises `ConnectRefused` without an administration or choices; `AsperionError` for what concerns
    the whole administration, or when nothing could be asked; `ShopError`, `VaultError`.
    """
    connection = find_connection(workspace.shop)
    chosen = choices or connection.choices
    if chosen is None:
        raise ConnectRefused(ConnectObstacle.NO_CHOICES)
    stop_at = workspace.now() + PAGE_TIME
    # Judged as once it is on: what no import file can have may go there.
    supposed = replace(connection, choices=chosen, is_on=True)
    there = replace(workspace, shop=replace(workspace.shop, connection=supposed))
    tried = try_out(there, limit=min(limit, MOST_ASKED))
    asking = _Asking(workspace, chosen, stop_at)
    documents = tuple(asking.ask(each) for each in tried.documents)
    if asking.broken_by is not None and not asking.has_answered:
        raise asking.broken_by
    is_cut = any(each.result is AskedResult.NOT_ASKED for each in documents)
    return AskedTryOut(documents=documents, extent=tried.extent, is_cut=is_cut)


class _Asking:
    """Asks Asperion about documents, until the time is up or it answers no more."""

    def __init__(self, workspace: Workspace, choices: ApiChoices, stop_at: datetime) -> None:
        connection = find_connection(workspace.shop)
        self._api: AsperionApi = workspace.open_administration(connection.administration.id)
        self._now, self._choices, self._stop_at = workspace.now, choices, stop_at
        self._debtors: dict[str, int | None] = {}
        self.broken_by: AsperionError | None = None
        self.has_answered = False

    def ask(self, tried: Tried) -> AskedDocument:
        if isinstance(tried.verdict, Hold):
            return AskedDocument(tried=tried, result=AskedResult.HELD, hold=tried.verdict)
        if not isinstance(tried.verdict, Invoice):
            return AskedDocument(tried=tried, result=AskedResult.NOTHING)
        left = self._stop_at - self._now()
        if self.broken_by is not None or left <= timedelta():
            return AskedDocument(tried=tried, result=AskedResult.NOT_ASKED)
        self._api.limit_time(left)
        return self._ask(tried, make_concept(tried.verdict, self._choices))

    def _ask(self, tried: Tried, concept: Concept) -> AskedDocument:
        try:
            self._api.add_invoice(concept, self._find_debtor(concept), validate_only=True)
        except HeldBack as held:
            self.has_answered = True
            return AskedDocument(tried=tried, result=AskedResult.HELD, hold=held.hold)
        except AsperionInvalid as refusal:
            self.has_answered = True
            return AskedDocument(tried=tried, result=AskedResult.REFUSED, fields=refusal.fields)
        except _PASSING as error:
            log.warning("Asperion answers the try-out no longer: %s", error)
            self.broken_by = error
            return AskedDocument(tried=tried, result=AskedResult.NOT_ASKED)
        self.has_answered = True
        return AskedDocument(tried=tried, result=AskedResult.FINE)

    def _find_debtor(self, concept: Concept) -> int | None:
        """The id of whom the invoice would be for; None for one who would be made, and whom
        Asperion would take. Raises `HeldBack` when all that there are are blocked.
        """
        debtor = concept.debtor
        email = debtor.email.casefold()
        if email not in self._debtors:
            chosen = choose_debtor(self._api.find_debtors(debtor.email))
            self._debtors[email] = None if chosen is None else chosen.id
        if self._debtors[email] is None:
            self._api.add_debtor(debtor, concept.debtor_kind, validate_only=True)
        return self._debtors[email]
