"""Resource links, countries and languages as they appear in documents."""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.webshop import Shop

HOST = "api.webshopapp.com"
COUNTRIES: dict[str, tuple[int, str, str]] = {
    "nl": (150, "nld", "Netherlands, The"),
    "be": (21, "bel", "Belgium"),
    "de": (80, "deu", "Germany"),
    "fr": (73, "fra", "France"),
    "gb": (225, "gbr", "United Kingdom"),
    "ch": (206, "che", "Switzerland"),
    "at": (14, "aut", "Austria"),
    "us": (226, "usa", "United States"),
    "lu": (124, "lux", "Luxembourg"),
    "es": (199, "esp", "Spain"),
    "it": (105, "ita", "Italy"),
    "pl": (171, "pol", "Poland"),
    "dk": (58, "dnk", "Denmark"),
    "se": (205, "swe", "Sweden"),
    "no": (161, "nor", "Norway"),
    "an": (151, "ant", "Netherlands Antilles"),
}
LANGUAGES: dict[str, tuple[int, str, str]] = {
    "nl": (1, "nl_NL", "Nederlands"),
    "en": (2, "en_GB", "English"),
    "de": (3, "de_DE", "Deutsch"),
    "fr": (4, "fr_FR", "Fran\u00e7ais"),
}


def link(
    url: str,
    language: str,
    number: int | None = None,
    scheme: str = "https",
    embedded: Any = None,
) -> dict[str, Any]:
    """Return a resource link; ``number`` None makes the id ``false`` (a collection).

    ``link`` names the real platform's host, as there: a client has to build its own address.
    """
    path, _, query = url.partition("?")
    address = f"{scheme}://{HOST}/{language}/{path}.json" + (f"?{query}" if query else "")
    resource: dict[str, Any] = {
        "id": number if number is not None else False,
        "url": url,
        "link": address,
    }
    if embedded is not None:
        resource["embedded"] = embedded
    return {"resource": resource}


def country_doc(code: str | None) -> dict[str, Any] | bool:
    """Return the country object, or ``false`` when there is none."""
    if not code:
        return False
    number, code3, title = COUNTRIES.get(code, (999, f"{code}x", code.upper()))
    return {"id": number, "code": code, "code3": code3, "title": title}


def language_doc(shop: Shop, code: str) -> dict[str, Any]:
    """Return the language object of one of a shop's languages."""
    number, locale, title = LANGUAGES.get(code, (99, f"{code}_{code.upper()}", code))
    return {"id": number, "code": code, "locale": locale, "title": title}
