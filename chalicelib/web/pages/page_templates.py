"""Pages from templates: the one place of the web layer that knows Jinja2."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.domain.file_names import read_day, read_sequence, read_way
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.money import EURO
from chalicelib.domain.seats import SeatRight
from chalicelib.domain.shops import Shop
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.domain.ways import Way
from chalicelib.usecases.shop.seat_holders import Client
from chalicelib.web.http.client_routes import CLIENTS
from chalicelib.web.http.http_messages import HTML, Response, add_cookies
from chalicelib.web.texts.biography_texts import EventText
from chalicelib.web.texts.cover_texts import find_treatment_text, write_rate
from chalicelib.web.texts.delivery_texts import (
    DELIVERIES,
    DELIVERY,
    DELIVERY_BY_API,
    FILE,
    FILES,
)
from chalicelib.web.texts.localisation import (
    LocalDates,
    Translations,
    format_money,
    load_translations,
)

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
LOCALE = TEMPLATES / "locale"
STYLE = TEMPLATES / "static" / "pages.css"
SHOP_FIELD = "shop"
_POSTED = r'<form\b[^>]*\bmethod="post"[^>]*>'


SETTINGS, HISTORY = "settings", "history"
MANAGE = "manage"
"""What only the merchant may do: whatever no right of a seat covers."""

_EVERYWHERE = frozenset({"static", "help", "health", "verify", CLIENTS})
"""First parts of addresses that are the same for every client."""


class PageTemplates:
    """Renders pages of one language at one moment.

    `public_url` is the app's own address: every link is built from it, so that pages work under a
    stage path and under a domain of their own. `support` is the address that merchants can ask;
    every page knows it, and it is empty where nobody set one. `client` is set on a bookkeeper's
    pages of a client: their links stay with that client, and what the seat does not allow is not
    offered. `is_for_bookkeepers`: the page is at an address of theirs, of a client or not;
    `is_bookkeeper`: one is signed in.
    """

    def __init__(
        self,
        *,
        language: str,
        public_url: str,
        now: datetime,
        support: str = "",
        client: Client | None = None,
        is_for_bookkeepers: bool = False,
        is_bookkeeper: bool = False,
    ) -> None:
        self.language = language
        self.client = client
        self.is_for_bookkeepers = is_for_bookkeepers
        self.is_bookkeeper = is_bookkeeper
        self.public_url = public_url
        self.support = support
        self.text: Translations = load_translations(language, LOCALE)
        self.dates = LocalDates(self.text.gettext, now)

    def build_url(self, *parts: str) -> str:
        """Address of a page; the parts are encoded: ``build_url("orders", "A/1")``."""
        if self.client is not None and parts[0] not in _EVERYWHERE:
            parts = (CLIENTS, str(self.client.shop.shop_id), *_find_readable(parts))
        return f"{self.public_url}/{'/'.join(quote(part, safe='') for part in parts)}"

    def may(self, what: str) -> bool:
        """Whether who looks at the page may do something: `what` is a `SeatRight`'s value, or
        `MANAGE`. A merchant may do everything, a bookkeeper what the seat allows. Whatever posts
        or leads elsewhere asks here before it is shown.
        """
        if what == MANAGE:
            return self.client is None
        right = SeatRight(what)
        return self.client is None or right in self.client.seat.rights

    def say(self, text: str, **values: object) -> str:
        """Translate a text and fill it in; plain text, to be escaped by the template."""
        translated = self.text.gettext(text)
        return translated % values if values else translated

    def write_money(self, amount: Decimal, currency: str = EURO) -> str:
        """An amount as people write it: ``€ 1.234,50``."""
        return format_money(f"{amount:.2f}", currency, self.language)

    def write_treatment(self, treatment: VatTreatment | TaxedAs, home: str) -> str:
        """A VAT treatment in words, in a shop of the country `home`: ``21% btw``."""
        text = find_treatment_text(treatment, home)
        rate = write_rate(treatment.rate, self.language)
        return self.say(text, rate=rate, country=treatment.country)

    def name_file(self, name: str, *, begins: bool = False) -> str:
        """A file as pages name it: by its name; a delivery by API, which nobody sees as a file,
        in words. `begins`: they begin a line.
        """
        day = read_day(name)
        if read_way(name) is not Way.API or day is None:
            return name
        shown_day = self.dates.format_brief_day(day)
        text = self.say(DELIVERY_BY_API, number=read_sequence(name), day=shown_day)
        return f"{text[:1].upper()}{text[1:]}" if begins else text

    def write_event(self, event: EventText) -> Markup:
        """An event of a biography, the file it names as a link."""
        values: dict[str, object] = {"file": "", **event.values}
        values |= {name: self.say(text) for name, text in event.texts.items()}
        if event.file:
            link = Markup('<a class="file" href="{}">{}</a>')
            shown = self.name_file(event.file)
            values["file"] = link.format(self.build_url("files", event.file), shown)
        return escape(self.say(event.text)) % values

    def render(
        self,
        template: str,
        *,
        status: int = 200,
        shop: Shop | None = None,
        cookies: list[str] | None = None,
        **values: Any,
    ) -> Response:
        """A page; `shop` is the one that is signed in. One that is connected with Asperion has
        deliveries where others have files.
        """
        is_connected = shop is not None and shop.connection is not None
        body = (
            _load_environment(self.language)
            .get_template(template)
            .render(
                lang=self.language,
                url=self.build_url,
                say=self.say,
                may=self.may,
                client=self.client,
                is_for_bookkeepers=self.is_for_bookkeepers,
                is_bookkeeper=self.is_bookkeeper,
                dates=self.dates,
                name_file=self.name_file,
                write_event=self.write_event,
                write_money=self.write_money,
                write_treatment=self.write_treatment,
                style_url=f"{self.build_url('static', STYLE.name)}?v={hash_style_sheet()}",
                shop=shop,
                is_connected=is_connected,
                files_title=self.say(DELIVERIES if is_connected else FILES),
                file_title=self.say(DELIVERY if is_connected else FILE),
                support=self.support,
                **values,
            )
        )
        if shop is not None:
            body = _name_shop(body, shop)
        headers = {"Content-Type": HTML, "Content-Language": self.language}
        return Response(status=status, body=body, headers=add_cookies(headers, cookies))


def _find_readable(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The shop's own page for these parts of an address, as a bookkeeper may open it: the choices
    of one subject are for the merchant to change, and are read among all of them.
    """
    if parts[0] == SETTINGS and parts[1:] != (HISTORY,):
        return (SETTINGS,)
    return () if parts == ("",) else parts


def _name_shop(body: str, shop: Shop) -> str:
    """The page, with the shop's number in each form that is posted: a form of one shop that is sent
    after the merchant went on in another one is known by it. Here and not in the templates, so that
    no form is forgotten.
    """
    field = f'<input type="hidden" name="{SHOP_FIELD}" value="{shop.shop_id}">'
    return re.sub(_POSTED, lambda form: form[0] + field, body)


@cache
def _load_environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        load_translations(language, LOCALE), newstyle=True
    )
    return environment


@cache
def hash_style_sheet() -> str:
    """Changes with the style sheet, so that browsers may keep it for ever."""
    return hashlib.sha256(STYLE.read_bytes()).hexdigest()[:12]
