"""Handlers of arriving and choosing: install callback, the form, settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import verify_callback
from chalicelib.errors import LicenceError, ShopError, ShopUnauthorised, SignatureTooOld
from chalicelib.schedule import next_export
from chalicelib.usecases.lifecycle import install
from chalicelib.usecases.operating import repair
from chalicelib.usecases.overview import overview
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.http.session_cookies import NotSignedIn
from chalicelib.web.pages import settings_form as form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import status_of
from chalicelib.web.texts import settings_questions as choices
from chalicelib.web.texts.hold_buttons import Button
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.localisation import mark

_NOT_REACHED = mark(
    "Your webshop does not answer at the moment, so your payment methods cannot be listed. You can "
    "go on: choices made before are kept, everything else follows the default. Come back later "
    "to choose."
)
_KEPT = mark(
    "Your choices are stored, but your webshop did not answer and the connector could not sign "
    "up for its orders. Press the button again in a minute."
)
_REFUSED = mark(
    "Your choices are stored, but your webshop no longer gives the connector access. Open the app "
    "from the AppCenter again, then press the button once more."
)
MOST_FREED = 1000  # looked at for causes; the release itself has no limit
_BY_SETTINGS = frozenset(
    reason.value for reason, text in TEXTS.items() if text.button is Button.SETTINGS
)
_NO_LICENCE = mark("Enter your Asperion licence code.")
_BAD_LICENCE = mark(
    "This cannot be a licence code. Enter the code alone: no address, no spaces, no slash or "
    "per cent sign, at most 64 characters."
)


def arrive(call: Call) -> Response:
    """``GET /install``: SEOshop sends a merchant. Signs in and shows the form.

    An address that is too old signs nobody in; whoever is signed in to that very shop already (the
    page was loaded again) goes on to the settings.
    """
    connector = call.connector
    try:
        callback = verify_callback(
            call.request.query,
            secret=connector.settings.app_secret,
            now=connector.clock(),
            with_token=True,
        )
    except SignatureTooOld as stale:
        if not _is_signed_in(call, stale.shop_id):
            raise
        return redirect(call.pages().url("settings"))
    call.shop = install.begin(connector, callback)
    return _page(call, call.shop, cookies=[call.sessions.start(call.shop)])


def _is_signed_in(call: Call, shop_id: int) -> bool:
    try:
        return call.signed_in().shop_id == shop_id
    except NotSignedIn:
        return False


def settings(call: Call) -> Response:
    """``GET /settings``: the form of a shop that is signed in."""
    return _page(call, call.signed_in())


def submit(call: Call) -> Response:
    """``POST /install`` and ``POST /settings``: store the choices; 303 to the overview."""
    shop, posted = call.posted()
    installing = shop.state is ShopState.INSTALLING
    answers = form.read(
        posted,
        shop.policy,
        _codes(call),
        ticked=None if installing else local_day(call.connector.clock()),
    )
    problems = dict(answers.problems)
    licence = posted.get("licence") or shop.licence or ""
    if problems:
        return _refused(call, shop, posted, problems)
    try:
        done = install.complete(
            call.connector, shop.shop_id, licence=licence, policy=answers.policy
        )
    except LicenceError:
        problems["licence"] = _BAD_LICENCE if licence else _NO_LICENCE
        return _refused(call, shop, posted, problems)
    except ShopError as error:
        call.shop = call.connector.shop(shop.shop_id)
        banner = _REFUSED if isinstance(error, ShopUnauthorised) else _KEPT
        return _page(call, call.shop, status=status_of(error), banner=banner)
    if installing:
        cookies = [call.sessions.start(done), call.sessions.notify("installed")]
        return redirect(f"{call.public_url}/", cookies=cookies)
    freed = _free(call, shop) if answers.policy != shop.policy else 0
    kind = "saved_and_released" if freed else "saved"
    return redirect(f"{call.public_url}/", cookies=[call.sessions.notify(kind, freed)])


def _free(call: Call, shop: Shop) -> int:
    """Let orders whose cause lies in the settings be judged again. Returns how many."""
    entries = call.connector.entries.open(shop.shop_id, EntryState.HELD, limit=MOST_FREED)
    causes = {entry.hold for entry in entries if entry.hold in _BY_SETTINGS}
    return sum(
        repair.release(call.connector, shop.shop_id, hold=cause, detail=None, by="merchant")
        for cause in sorted(filter(None, causes))
    )


def _refused(call: Call, shop: Shop, posted: Form, problems: Mapping[str, str]) -> Response:
    """The form as it was filled in, with what is to be mended."""
    return _page(call, shop, status=400, problems=problems, values=posted.fields)


def _page(
    call: Call,
    shop: Shop,
    *,
    status: int = 200,
    banner: str = "",
    problems: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    cookies: list[str] | None = None,
) -> Response:
    installing = shop.state is ShopState.INSTALLING
    filled: dict[str, str] = {"licence": "", **form.shown(shop.policy), **(values or {})}
    methods, reached = _methods(call, shop)
    view: dict[str, Any] = {
        "installing": installing,
        "action": call.pages().url("install" if installing else "settings"),
        "values": filled,
        "problems": problems or {},
        "banner": banner or ("" if reached else _NOT_REACHED),
        "methods": methods,
        "new": {each.key for each in methods if is_new(shop.policy, each.key)},
        "codes": call.connector.profile().payments,
        "questions": choices.by_name(),
        "rows": form.rate_rows(filled),
        "masked": masked(shop.licence),
        "seen": None if installing else overview(call.connector, shop.shop_id),
        "next_run": next_export(call.connector.clock()),
        "more_open": any(not name.startswith(("licence", "pay")) for name in problems or ()),
    }
    return call.pages().render("form.html", status=status, shop=shop, cookies=cookies, **view)


def _methods(call: Call, shop: Shop) -> tuple[list[PaymentMethod], bool]:
    """The shop's payment methods, and whether it answered; else those chosen for before."""
    try:
        return call.connector.page_api(shop).payment_methods(), True
    except ShopError as error:
        call.log.warning(
            "payment methods cannot be listed",
            extra={"shop_id": shop.shop_id, "error": type(error).__name__},
        )
        known = sorted({*shop.policy.payments, *shop.policy.seen_payments})
        return [PaymentMethod(key=key, title=key) for key in known], False


def _codes(call: Call) -> frozenset[str]:
    return frozenset(payment.code for payment in call.connector.profile().payments)


def masked(licence: str | None) -> str:
    """A licence code that can be recognised but not used: ``••••••42``; short ones hidden whole."""
    if not licence:
        return ""
    return "••••••" + (licence[-2:] if len(licence) >= 8 else "")
