"""What all pages share: the frame with its menu, and one-line notices after an act."""

from typing import TypeVar

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.booked_invoices import CONCEPT
from sandbox.asperion.formats import count
from sandbox.asperion.inbox_files import WAITING

NOTICES = {
    "final": ("good", "{n} definitief gemaakt."),
    "deleted": ("good", "{n} verwijderd."),
    "none": ("plain", "Er was niets om uit te voeren. Vink eerst facturen met status Concept aan."),
    "kept": ("bad", "Er is niets verwijderd: een definitieve factuur kan niet worden verwijderd."),
    "edited": ("good", "De conceptfactuur is gewijzigd."),
    "not-edited": (
        "bad",
        "Er is niets gewijzigd: een bedrag of code klopt niet, of de factuur is definitief.",
    ),
    "merged": ("good", "De debiteuren zijn samengevoegd."),
    "revoked": ("good", "De toegang is ingetrokken."),
    "saved": ("good", "De instellingen zijn bewaard."),
    "unlinked": ("plain", "Voor dit formaat is geen webwinkel gekoppeld; er is niets opgehaald."),
    "unsupported": ("plain", "Shop2Date-bestanden kunnen in deze omgeving niet worden ingelezen."),
    "waits": ("good", "Het bestand wacht weer. Klik op Synchroniseren om het in te lezen."),
    "removed": ("good", "Het bestand is uit de inbox verwijderd."),
    "no-file": ("bad", "Kies eerst een bestand."),
    "gone": ("plain", "Dat bestand staat niet meer zo in de inbox; de lijst is bijgewerkt."),
}
"""Kind and text of the notices an address may ask for with ?notice=."""


PER_PAGE = 100
Item = TypeVar("Item")


def window(items: list[Item]) -> tuple[list[Item], int, int]:
    """Cut out the part that ?page= asks for; give it with its page number and their count."""
    pages = max(1, -(-len(items) // PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return items[(number - 1) * PER_PAGE : number * PER_PAGE], number, pages


def page(administration: Administration, template: str, **context: object) -> str:
    """Render a page of an administration. The caller holds its lock."""
    return render_template(
        template,
        administration=administration,
        licence=administration.licence,
        waiting=len(administration.inbox.files(WAITING)),
        concepts=len(administration.books.invoices(CONCEPT)),
        notice=_notice(),
        **context,
    )


def _notice() -> tuple[str, str] | None:
    found = NOTICES.get(request.args.get("notice", ""))
    if found is None:
        return None
    kind, text = found
    number = request.args.get("n", 0, type=int)
    return kind, text.format(n=count(number, "factuur", "facturen"))


def back(endpoint: str, **values: object) -> Response:
    """Redirect to a page after a form was handled (303)."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]
