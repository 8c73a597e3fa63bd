"""The AppCenter: the app's card, logging in, giving consent, opening and leaving."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.seoshop.platform_store import DEFAULT_SHOP
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import Shop

appcenter = Blueprint("appcenter", __name__, url_prefix="/apps")

RIGHTS = (
    ("Bestellingen", "bestellingen, bestelregels, facturen en creditfacturen"),
    ("Klanten", "naam, adres en e-mailadres van uw klanten"),
    ("Instellingen", "betaalmethoden, btw-tarieven en de gegevens van uw winkel"),
)


def shop_or_404(number: int) -> Shop:
    """Return a shop, or answer with the page for what does not exist."""
    shop = current().store.shops.get(number)
    if shop is None:
        abort(404)
    return shop


@appcenter.get("")
def overview() -> str:
    """Show the app's card for ``?shop=``."""
    with current().store.lock:
        shop = shop_or_404(request.args.get("shop", DEFAULT_SHOP, type=int))
        return render_template("apps.html", shop=shop, shops=list(current().store.shops.values()))


@appcenter.get("/install/<int:number>")
def login(number: int) -> str:
    """Show the log-in page (figure 1 of the manual)."""
    return render_template("login.html", shop=shop_or_404(number), error=None, user="")


@appcenter.post("/install/<int:number>")
def consent(number: int) -> str | tuple[str, int]:
    """Take any user name with any password, and ask for consent (figure 2)."""
    shop, user = shop_or_404(number), request.form.get("user", "").strip()
    if not user or not request.form.get("password"):
        error = "Vul uw gebruikersnaam en uw wachtwoord in."
        return render_template("login.html", shop=shop, error=error, user=user), 422
    return render_template("consent.html", shop=shop, rights=RIGHTS)


@appcenter.post("/install/<int:number>/allow")
def allow(number: int) -> Response:
    """Give the app its token and send the browser to its Success URL."""
    platform = current()
    with platform.store.lock:
        shop = shop_or_404(number)
        platform.install(shop)
        return redirect(platform.app_link(shop, "install"))


@appcenter.post("/<int:number>/<any('open','cancel','uninstall'):deed>")
def leave(number: int, deed: str) -> Response:
    """Open, cancel or remove the app: the browser goes to the app's URL for that."""
    platform = current()
    with platform.store.lock:
        shop = shop_or_404(number)
        if shop.installation is None or shop.installation.status == "expired":
            return redirect(f"/apps?shop={number}")
        if deed == "cancel":
            platform.cancel(shop)
        elif deed == "uninstall":
            platform.uninstall(shop)
        return redirect(platform.app_link(shop, "install" if deed == "open" else deed))
