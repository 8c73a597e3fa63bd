"""One call on its way through a handler: the request with everything that answers it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.shops import Shop
from chalicelib.usecases.connector import Connector
from chalicelib.web.http.http_messages import Form, Request, read_form
from chalicelib.web.http.session_cookies import Sessions, check_origin
from chalicelib.web.texts.localisation import language_of

if TYPE_CHECKING:  # Jinja2 is imported when the first page is made
    from chalicelib.web.pages.page_templates import Pages


@dataclass(slots=True, kw_only=True)
class Call:
    """A request, the connector's parts, and who turned out to be calling.

    `params` are the parts of the path, decoded; `shop` is set by `signed_in`.
    """

    connector: Connector
    request: Request
    log: logging.Logger
    params: Mapping[str, str] = field(default_factory=dict)
    shop: Shop | None = None

    @property
    def public_url(self) -> str:
        """Where this app itself is found."""
        return self.connector.settings.public_url

    @property
    def sessions(self) -> Sessions:
        """Makes and reads the cookies."""
        return Sessions(self.connector.settings, self.connector.clock)

    def signed_in(self) -> Shop:
        """The shop that is signed in. Raises `NotSignedIn`."""
        self.shop = self.sessions.shop(self.request.cookies, self.connector.shops)
        return self.shop

    def posted(self) -> tuple[Shop, Form]:
        """The signed-in shop and its form, from one of our own pages. Raises `NotSignedIn`,
        `NotOurPage`, `RequestError`.
        """
        check_origin(self.request, self.public_url)
        shop = self.signed_in()
        return shop, read_form(self.request)

    def pages(self) -> Pages:
        """Pages in the language of whoever calls."""
        from chalicelib.web.pages.page_templates import Pages

        return Pages(
            language=self._language(), public_url=self.public_url, now=self.connector.clock()
        )

    def _language(self) -> str:
        if self.shop is not None:
            return language_of(self.shop.language)
        asked = self.request.query.get("language")
        if asked:
            return language_of(asked)
        return language_of(self.request.headers.get("accept-language", "").partition(",")[0])
