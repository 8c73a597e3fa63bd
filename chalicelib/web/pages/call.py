"""One request while it is answered: its shop, its form, and the pages and redirects made for it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.shops import Shop
from chalicelib.domain.signatures import Callback, verify_callback
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.workspace import Workspace
from chalicelib.web.http.http_messages import Form, Request, Response, read_form, redirect
from chalicelib.web.http.session_cookies import NOTICE, SessionCookies, check_origin
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts.localisation import choose_language
from chalicelib.web.texts.notice_texts import NOTICES


@dataclass(slots=True, kw_only=True)
class Call:
    """A request with what its handler needs. `params` are the parts of the path, decoded;
    `signed_in` is set as soon as the session is read, or made.
    """

    connector: Connector
    request: Request
    log: logging.Logger
    params: Mapping[str, str] = field(default_factory=dict)
    signed_in: Workspace | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace of the shop that is signed in. Raises `NotSignedIn`."""
        if self.signed_in is None:
            return self.sign_in(self.sessions.find_shop(self.request.cookies, self.connector.shops))
        return self.signed_in

    @property
    def shop(self) -> Shop:
        """The shop that is signed in. Raises `NotSignedIn`."""
        return self.workspace.shop

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
        return PageTemplates(
            language=choose_language(code),
            public_url=self.connector.settings.public_url,
            now=self.connector.clock(),
        )

    def verify_callback(self, *, with_token: bool) -> Callback:
        """What SEOshop's signed call says, a token included or not. Raises `SignatureError`."""
        return verify_callback(
            self.request.query,
            secrets=self.connector.secrets.app_secrets(),
            now=self.connector.clock(),
            with_token=with_token,
        )

    def read_own_form(self) -> Form:
        """The form that the signed-in merchant posted from one of our own pages. Raises
        `NotOurPage`, `NotSignedIn`, `RequestError`.
        """
        check_origin(self.request, self.connector.settings.public_url)
        _ = self.shop
        return read_form(self.request)

    def build_url(self, *parts: str) -> str:
        """The address of a page: ``build_url("orders", "A/1")``; of the overview without parts."""
        return self.templates.build_url(*parts or ("",))

    def render(self, template: str, **values: Any) -> Response:
        """A page; `values` are those of `PageTemplates.render`."""
        shop = None if self.signed_in is None else self.signed_in.shop
        return self.templates.render(template, shop=shop, **values)

    def render_with_notice(self, template: str, **values: Any) -> Response:
        """A page that shows, this once, what the last action did."""
        kind, count = self.sessions.read_notice(self.request.cookies)
        cookies = [self.sessions.clear(NOTICE)] if kind else None
        shown = {"notice": NOTICES.get(kind), "notice_count": count}
        return self.render(template, cookies=cookies, **shown, **values)

    def redirect_with_notice(self, url: str, kind: str, count: int) -> Response:
        """To a page that shows a notice of what was done to `count` documents."""
        notice = self.sessions.set_notice(kind if count else "nothing", count)
        return redirect(url, cookies=[notice])
