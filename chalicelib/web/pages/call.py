"""One request while it is answered: its shop, its form, and the pages and redirects made for it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, field, replace
from typing import Any

from chalicelib.domain.events import Actor
from chalicelib.domain.seats import SeatRight
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback, verify_callback
from chalicelib.errors import ConnectorError, OfAnotherShop, SignatureError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.releasing import Released
from chalicelib.usecases.shop.choosing import read_history
from chalicelib.usecases.shop.seat_holders import Client
from chalicelib.usecases.workspace import Workspace
from chalicelib.web.http.bookkeeper_sessions import BookkeeperSession, find_bookkeeper
from chalicelib.web.http.client_routes import NotGranted, is_for_bookkeepers
from chalicelib.web.http.http_messages import Form, Request, Response, read_form, redirect
from chalicelib.web.http.own_origin import check_origin
from chalicelib.web.http.refusals import Refusal
from chalicelib.web.http.session_cookies import (
    NOTICE,
    NotSignedIn,
    Session,
    SessionCookies,
    SessionRefused,
)
from chalicelib.web.http.visits import check_visit
from chalicelib.web.pages.choice_words import ChoiceWords, find_words
from chalicelib.web.pages.page_templates import SHOP_FIELD, PageTemplates
from chalicelib.web.texts.localisation import choose_language
from chalicelib.web.texts.released_texts import RELEASED, word_notice


@dataclass(slots=True, kw_only=True)
class Call:
    """A request with what its handler needs. `params` are the parts of the path, decoded;
    `session` is set as soon as the browser's cookie is read, `signed_in` then, or when a shop is
    signed in; `refused` when something of the call is turned away, also where it is answered all
    the same. `client` is the shop that a bookkeeper calls for, with his seat in it, where it is
    a bookkeeper who calls: `signed_in` is that shop's then.
    """

    connector: Connector
    request: Request
    log: logging.Logger
    params: Mapping[str, str] = field(default_factory=dict)
    session: Session | None = None
    signed_in: Workspace | None = None
    bookkeeper: BookkeeperSession | None = None
    client: Client | None = None
    refused: Refusal | None = None

    def find_session(self) -> Session:
        """The merchant's session that the browser has. Raises `NotSignedIn`, also at addresses for
        bookkeepers, whatever cookie comes along.
        """
        if self.is_for_bookkeepers:
            raise NotSignedIn
        if self.session is None:
            self.session = self._read_session()
        return self.session

    def _read_session(self) -> Session:
        try:
            return self.sessions.find_session(self.request.cookies, self.connector.shops)
        except SessionRefused:
            self.refused = Refusal.SESSION
            raise

    @property
    def workspace(self) -> Workspace:
        """The workspace of the shop that is signed in. Raises `NotSignedIn`."""
        if self.signed_in is None:
            return self.sign_in(self.find_session().shop)
        return self.signed_in

    @property
    def shop(self) -> Shop:
        """The shop that is signed in. Raises `NotSignedIn`."""
        return self.workspace.shop

    @property
    def is_for_bookkeepers(self) -> bool:
        """Whether the address is one of the pages for bookkeepers, or would be."""
        return is_for_bookkeepers(self.request.route, self.request.params)

    def find_bookkeeper(self) -> BookkeeperSession:
        """The bookkeeper's session that the browser has. Raises `BookkeeperNotSignedIn`."""
        if self.bookkeeper is None:
            cookies, shops = self.request.cookies, self.connector.shops
            self.bookkeeper = find_bookkeeper(self.sessions, cookies, shops)
        return self.bookkeeper

    def recognise_reader(self) -> None:
        """Find out whose pages the menu leads back to: a merchant's, else a bookkeeper's, else
        nobody's. For pages that nobody has to be signed in for.
        """
        with suppress(NotSignedIn, ConnectorError):
            try:
                _ = self.workspace
            except NotSignedIn:
                self.find_bookkeeper()

    @property
    def actor(self) -> Actor:
        """Who does what this call asks for."""
        return Actor.MERCHANT if self.client is None else Actor.BOOKKEEPER

    def require(self, right: SeatRight) -> None:
        """Raises `NotGranted` for a bookkeeper whose seat has no such right; a merchant may do
        everything.
        """
        if self.client is not None and right not in self.client.seat.rights:
            raise NotGranted(right)

    def enter(self, client: Client) -> None:
        """Answer this request for a bookkeeper's client."""
        self.client = client
        self.sign_in(client.shop)

    def sign_in(self, shop: Shop) -> Workspace:
        """Answer this request for that shop; returns its workspace."""
        self.signed_in = Workspace(self.connector, shop, is_page=True)
        return self.signed_in

    @property
    def sessions(self) -> SessionCookies:
        """Makes and reads the cookies."""
        return SessionCookies(self.connector.settings, self.connector.secrets, self.connector.clock)

    @property
    def templates(self) -> PageTemplates:
        """The pages in the language of the signed-in shop, or else of the browser."""
        if self.signed_in is not None:
            code: str | None = self.signed_in.shop.language
        else:
            accepted = self.request.headers.get("accept-language", "").partition(",")[0]
            code = self.request.query.get("language") or accepted
        settings = self.connector.settings
        return PageTemplates(
            language=choose_language(code),
            public_url=settings.public_url,
            now=self.connector.clock(),
            support=settings.support_address,
            client=self.client,
            is_for_bookkeepers=self.is_for_bookkeepers,
            is_bookkeeper=self.bookkeeper is not None,
        )

    def verify_callback(self, *, with_token: bool) -> Callback:
        """What SEOshop's signed call says, a token included or not. Raises `SignatureError`, also
        for a parameter that comes twice, and `NotAVisit`.
        """
        check_visit(self.request, is_page=with_token)
        if self.request.repeated:
            raise SignatureError("The call has a parameter twice.")
        return verify_callback(
            self.request.query,
            secrets=self.connector.secrets.app_secrets(),
            now=self.connector.clock(),
            with_token=with_token,
        )

    def check_origin(self) -> None:
        """Raises `NotOurPage` for a form that was not posted from one of our own pages."""
        check_origin(self.request, self.connector.settings.public_url)

    def read_own_form(self) -> Form:
        """The form that the signed-in merchant posted from one of our own pages. Raises
        `NotOurPage`, `NotSignedIn`, `RequestError`, and `OfAnotherShop` for a page that was opened
        for another shop than the one that is signed in by now.
        """
        self.check_origin()
        form = read_form(self.request)
        if form.get(SHOP_FIELD) not in ("", str(self.shop.shop_id)):
            raise OfAnotherShop("The form was opened for another shop.")
        return form

    def build_url(self, *parts: str) -> str:
        """The address of a page: ``build_url("orders", "A/1")``; of the overview without parts."""
        return self.templates.build_url(*parts or ("",))

    def render(self, template: str, **values: Any) -> Response:
        """A page; `values` are those of `PageTemplates.render`."""
        shop = None if self.signed_in is None else self.signed_in.shop
        return self.templates.render(template, shop=shop, **values)

    def render_with_notice(self, template: str, **values: Any) -> Response:
        """A page that shows, this once, what the last action did."""
        kind, count, result = self.sessions.read_notice(self._place, self.request.cookies)
        cookies = [self.sessions.clear(NOTICE)] if kind else None
        notice = word_notice(kind, result)
        if notice is not None and notice.shows_changes:
            notice = replace(notice, changes=self._list_last_changes())
        shown = {"notice": notice, "notice_count": count}
        return self.render(template, cookies=cookies, **shown, **values)

    def set_notice(self, kind: str, count: int = 0, result: object = None) -> str:
        """The ``Set-Cookie`` value that makes the next page of this shop show a notice, once; see
        `SessionCookies.set_notice`. Raises `NotSignedIn`.
        """
        return self.sessions.set_notice(self._place, kind, count, result)

    @property
    def _place(self) -> str:
        """Where the notices of this call are shown: nowhere but on the same pages of one shop."""
        return f"{'seat' if self.client else 'shop'} {self.shop.shop_id}"

    def _list_last_changes(self) -> tuple[str, ...]:
        """What the last change of the shop's choices was, one line for each choice."""
        changes = read_history(self.workspace).changes
        return tuple(self.words.list_lines(changes[-1].edits)) if changes else ()

    @property
    def words(self) -> ChoiceWords:
        """The words for choices in the language of the signed-in shop."""
        payments = self.workspace.profile.payments
        return find_words(self.templates, {each.code: each.label for each in payments})

    @property
    def home(self) -> str:
        """The address at which a merchant begins: the form while it is not filled in, else the
        overview. Raises `NotSignedIn`.
        """
        return self.build_url(*(["install"] if self.shop.state is ShopState.INSTALLING else []))

    def redirect_with_released(
        self, url: str, released: Released, kind: str = RELEASED
    ) -> Response:
        """To a page that says what came of looking again at held documents; with another `kind`
        than `RELEASED`, after that notice.
        """
        notice = self.set_notice(kind, released.free, asdict(released))
        return redirect(url, cookies=[notice])

    def redirect_with_notice(self, url: str, kind: str, count: int) -> Response:
        """To a page that shows a notice of what was done to `count` documents."""
        notice = self.set_notice(kind if count else "nothing", count)
        return redirect(url, cookies=[notice])
