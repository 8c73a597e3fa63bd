"""Whether SEOshop accepts the app's own key and secret at this moment: the proof that a refused
token is the shop's own.

A proof is another shop's call that is answered between two refusals of the token, all three made by
one process: an older answer, or one that another worker had, says nothing, because the secret may
have been turned in between, or be another one there. What is known is kept once for all shops, in
the shops table, under a number that no shop has. No two questions to one witness come within
seconds, and what refuses the app is known for minutes: a whole night of refused tokens costs each
witness a few calls.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto

from chalicelib.domain import app_standing
from chalicelib.domain.app_standing import AppStanding
from chalicelib.domain.shops import Shop
from chalicelib.errors import AppRefused, ConnectorError, LedgerConflict, ShopUnauthorised
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

ALL_SHOPS = 0
"""The number, which no shop has, under which the shops table keeps what concerns all of them."""

LONGEST_QUESTION = timedelta(seconds=5)
LONGEST_PROOF, LONGEST_WAIT = timedelta(seconds=15), timedelta(seconds=6)
"""For so long witnesses are asked, all of them together; the latter where a person waits."""


class AppVerdict(Enum):
    """What the witnesses say of the app's own pair."""

    ACCEPTED = auto()  # another shop's call was answered, this one's is refused still
    REFUSED = auto()  # the other shops are refused as well
    UNKNOWN = auto()  # nobody could be asked, or the shop is answered by now


class _Answer(Enum):
    ACCEPTED = auto()
    REFUSED = auto()
    SILENT = auto()  # no answer, or one that tells nothing of key and token
    BUSY = auto()  # it was asked a moment ago
    GONE = auto()  # the shop has left, or does not export


def read_app_standing(connector: Connector) -> AppStanding:
    """What is known of the app's pair."""
    return connector.shops.load(ALL_SHOPS, AppStanding) or AppStanding()


def is_app_accepted(connector: Connector, *, besides: int, is_page: bool = False) -> bool:
    """Whether the app's pair is proven good, see `prove_app`. False is no proof of the contrary."""
    return prove_app(connector, besides=besides, is_page=is_page) is AppVerdict.ACCEPTED


def prove_app(connector: Connector, *, besides: int, is_page: bool = False) -> AppVerdict:
    """Ask other shops whether SEOshop accepts the app's pair, right after it refused the token of
    the shop `besides`.

    The first whose call is answered proves it, when the refused token, tried once more, still is.
    The pair is refused when all who could be asked are, and that is kept for everybody
    (`require_app`). `is_page`: a person waits for it. Raises `LedgerError`.
    """
    standing = read_app_standing(connector)
    answers: Counter[_Answer] = Counter()
    stop_at = connector.clock() + (LONGEST_WAIT if is_page else LONGEST_PROOF)
    for shop_id in app_standing.order_witnesses(standing, besides=besides):
        is_late = connector.clock() >= stop_at
        answer = _Answer.SILENT if is_late else _ask(connector, shop_id, is_page=is_page)
        answers[answer] += 1
        if answer is _Answer.ACCEPTED:
            is_refused = _is_still_refused(connector, besides, is_page=is_page)
            return AppVerdict.ACCEPTED if is_refused else AppVerdict.UNKNOWN
    _change(connector, lambda kept, now: app_standing.note_refusal(kept, besides, at=now))
    if answers[_Answer.BUSY] or answers[_Answer.REFUSED] <= answers[_Answer.SILENT]:
        return AppVerdict.UNKNOWN
    _note_app_refused(connector, witnesses=answers[_Answer.REFUSED])
    return AppVerdict.REFUSED


def _ask(connector: Connector, shop_id: int, *, is_page: bool) -> _Answer:
    """Ask one witness, by one call for its shop, unless it is known what it would say."""
    now = connector.clock()
    shop = connector.shops.get(shop_id)
    if shop is None or not shop.state.exports:
        _change(connector, lambda kept, _: app_standing.drop_witness(kept, shop_id))
        return _Answer.GONE
    witness = read_app_standing(connector).witnesses.get(shop_id)
    if witness is not None and witness.is_known_refused(now):
        return _Answer.REFUSED
    if not _claim_question(connector, shop_id):
        return _Answer.BUSY
    began = connector.clock()
    try:
        _call_for(connector, shop, is_page=is_page)
    except ShopUnauthorised:
        _change(connector, lambda kept, at: app_standing.note_refusal(kept, shop_id, at=at))
        return _Answer.REFUSED
    except ConnectorError:
        return _Answer.SILENT
    note_acceptance(connector, shop_id, began=began)
    return _Answer.ACCEPTED


def _is_still_refused(connector: Connector, shop_id: int, *, is_page: bool) -> bool:
    shop = connector.shops.get(shop_id)
    if shop is None:
        return True
    try:
        _call_for(connector, shop, is_page=is_page)
    except ShopUnauthorised:
        return True
    except ConnectorError:
        return False
    return False


def _call_for(connector: Connector, shop: Shop, *, is_page: bool) -> None:
    """The cheapest call that proves a shop's token."""
    workspace = Workspace(connector, shop, is_page=is_page)
    workspace.api.limit_time(LONGEST_QUESTION)
    workspace.api.profile()


def _claim_question(connector: Connector, shop_id: int) -> bool:
    """Whether this very caller may ask the witness now."""
    granted = False

    def claim(kept: AppStanding, now: datetime) -> AppStanding | None:
        nonlocal granted
        witness = kept.witnesses.get(shop_id)
        granted = witness is not None and witness.may_be_asked(now)
        return app_standing.note_question(kept, shop_id, at=now) if granted else None

    return _change(connector, claim) and granted


def note_acceptance(connector: Connector, shop_id: int, *, began: datetime) -> None:
    """A call for this shop, which began at that moment, was answered: the app's pair is good."""
    _change(connector, lambda kept, _: app_standing.note_acceptance(kept, shop_id, at=began))


def note_answer(workspace: Workspace, standing: AppStanding) -> None:
    """SEOshop answered this shop's calls: it can be asked about the app's pair from now on. Costs a
    write only for the few shops that are drawn; `standing` is as it was when the run began.
    """
    now, shop_id = workspace.now(), workspace.shop_id
    if app_standing.is_sampled(standing, shop_id, now=now):
        _change(
            workspace.connector, lambda kept, at: app_standing.note_answer(kept, shop_id, at=at)
        )


def require_app(workspace: Workspace) -> AppStanding:
    """Before SEOshop is asked anything: what is known of the app's pair. Raises `AppRefused` while
    that is refused. Every few minutes one caller tries it, by a call of its own shop, and goes on
    when it is answered. Raises what that call raises.
    """
    connector = workspace.connector
    standing = read_app_standing(connector)
    if standing.refused_since is None:
        return standing
    if not _claim_try(connector):
        raise AppRefused(
            "SEOshop refuses the app's own key and secret since "
            f"{standing.refused_since:%Y-%m-%d %H:%M} UTC; they are tried again by themselves."
        )
    began = connector.clock()
    workspace.api.profile()
    note_acceptance(connector, workspace.shop_id, began=began)
    log.warning("SEOshop accepts the app's own key and secret again")
    return read_app_standing(connector)


def _claim_try(connector: Connector) -> bool:
    granted = False

    def claim(kept: AppStanding, now: datetime) -> AppStanding | None:
        nonlocal granted
        granted = kept.refused_since is None or kept.is_to_be_tried(now)
        is_refused = kept.refused_since is not None
        return app_standing.note_app_refused(kept, at=now) if granted and is_refused else None

    return _change(connector, claim) and granted


def _note_app_refused(connector: Connector, *, witnesses: int) -> None:
    was_known = read_app_standing(connector).refused_since is not None
    _change(connector, lambda kept, now: app_standing.note_app_refused(kept, at=now))
    if not was_known:
        log.error("SEOshop refuses the app's own key and secret", extra={"witnesses": witnesses})


def _change(
    connector: Connector, change: Callable[[AppStanding, datetime], AppStanding | None]
) -> bool:
    """Change what is known of the app; `change` gets the moment, and may run more than once. False
    when too many others changed it meanwhile.
    """
    try:
        connector.shops.change(
            ALL_SHOPS,
            AppStanding,
            lambda kept: change(kept or AppStanding(), connector.clock()),
        )
    except LedgerConflict:
        return False
    return True
