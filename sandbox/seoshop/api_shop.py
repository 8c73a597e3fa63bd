"""The API's resources about the shop and the key itself."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from sandbox.seoshop.api import api
from sandbox.seoshop.api_gate import ApiError, answer
from sandbox.seoshop.jsonout import iso
from sandbox.seoshop.resource_links import country_doc, language_doc, link
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import CURRENCIES, Shop

READ_SCOPES = ("customers", "orders", "settings")
SCOPES = ("content", "products", "customers", "orders", "settings", "tracking")
VAT_NUMBER, COC_NUMBER = "NL001234567B01", "01234567"


@api.get("/shop.json")
def shop(language: str) -> Response:
    """Answer with the shop: address, currency, numbers."""
    here: Shop = g.shop
    symbol, title = CURRENCIES[here.currency]
    names = ("company", "limits", "javascript", "website", "scripts", "metafields")
    return answer(
        {
            "shop": {
                "id": here.id,
                "createdAt": "2014-05-01T09:00:00+02:00",
                "status": "active",
                "isB2b": False,
                "isRetail": False,
                "subDomain": f"winkel-{here.id}",
                "mainDomain": f"www.winkel-{here.id}.example",
                "email": "info@example.nl",
                "phone": "+31 20 5550100",
                "fax": "",
                "street": "Voorbeeldstraat 1",
                "street2": "",
                "zipcode": "1234 AB",
                "city": "Voorbeeldstad",
                "region": "",
                "country": country_doc(here.country),
                "vatNumber": VAT_NUMBER,
                "cocNumber": COC_NUMBER,
                "industry": "",
                "title": here.title,
                "currency": {
                    "shortcode": here.currency,
                    "symbol": symbol,
                    "title": title,
                    "isDefault": True,
                    "currencyRate": "1.000000",
                },
                **{name: link(f"shop/{name}", language) for name in names},
            }
        }
    )


@api.get("/shop/company.json")
def company(language: str) -> Response:
    """Answer with the company behind the shop."""
    here: Shop = g.shop
    empty = dict.fromkeys(
        ["cocLocation", "nationalId", "fax", "street2", "region", "bankLocation", "bankCode"], ""
    )
    return answer(
        {
            "shopCompany": {
                **empty,
                "name": f"{here.title} B.V.",
                "owner": "J. Voorbeeld",
                "cocNumber": COC_NUMBER,
                "vatNumber": VAT_NUMBER,
                "phone": "+31 20 5550100",
                "email": "info@example.nl",
                "street": "Voorbeeldstraat 1",
                "zipcode": "1234 AB",
                "city": "Voorbeeldstad",
                "country": country_doc(here.country),
                "bankName": "",
                "bankAccountHolder": "",
                "bankAccountNumber": "",
                "bankIban": "NL02ABNA0123456789",
                "bankSwift": "ABNANL2A",
            }
        }
    )


@api.get("/shop/limits.json")
def limits(language: str) -> Response:
    """Answer with what the shop's plan allows."""
    return answer({"shopLimits": {"maxWebhooks": 10, "maxTaxes": 20}})


@api.get("/account.json")
def account(language: str) -> Response:
    """Answer with the key that was used."""
    here: Shop = g.shop
    key = current().app.key if g.key == "app" else here.api_key
    names = ("signout", "permissions", "ratelimit", "metafields")
    return answer(
        {
            "account": {
                "id": here.id,
                "appId": 4711 if g.key == "app" else False,
                "apiKey": key,
                **{name: link(f"account/{name}", language) for name in names},
            }
        }
    )


@api.get("/account/permissions.json")
def permissions(language: str) -> Response:
    """Answer with the scopes: the app only reads, the shop's own key may do all."""
    own = g.key == "own"
    return answer(
        {
            "accountPermissions": {
                scope: {"read": own or scope in READ_SCOPES, "write": own} for scope in SCOPES
            }
        }
    )


@api.get("/account/ratelimit.json")
def ratelimit(language: str) -> Response:
    """Answer with what is left of the allowance."""
    return answer({"accountRatelimit": current().limiter.report(g.shop, g.key)})


@api.get("/time.json")
def time(language: str) -> Response:
    """Answer with the platform's clock."""
    return answer({"time": {"time": iso(current().config.clock())}})


def _tax_docs() -> list[dict[str, Any]]:
    here: Shop = g.shop
    return [
        {
            "id": 26998 + position,
            "isDefault": position == 0,
            "rate": rate,
            "title": f"BTW {(rate * 100).normalize():f}%",
        }
        for position, rate in enumerate(here.taxes)
    ]


@api.get("/taxes.json")
def taxes(language: str) -> Response:
    """Answer with the shop's tax rates."""
    return answer({"taxes": _tax_docs()})


@api.get("/taxes/count.json")
def taxes_count(language: str) -> Response:
    """Answer with the number of tax rates."""
    return answer({"count": len(_tax_docs())})


@api.get("/taxes/<int:number>.json")
def tax(language: str, number: int) -> Response:
    """Answer with one tax rate."""
    return answer({"tax": _one(_tax_docs(), number)})


@api.get("/taxes/<int:number>/overrides.json")
def tax_overrides(language: str, number: int) -> Response:
    """Answer with the rates for other countries; this shop has none."""
    _one(_tax_docs(), number)
    return answer({"taxOverrides": []})


@api.get("/languages.json")
def languages(language: str) -> Response:
    """Answer with the shop's languages."""
    here: Shop = g.shop
    return answer(
        {
            "languages": [
                {**language_doc(here, code), "isActive": True, "isDefault": code == here.language}
                for code in here.languages
            ]
        }
    )


def _one(rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    for row in rows:
        if row["id"] == number:
            return row
    raise ApiError(404)
