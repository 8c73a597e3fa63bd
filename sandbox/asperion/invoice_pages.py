"""Pages: choice of administration, overview, Facturatie > Facturen, one invoice, debtors."""

from collections import Counter

from flask import Blueprint, abort, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.booked_invoices import CONCEPT, FINAL, Invoice, sum_excl, sum_incl
from sandbox.asperion.bookkeeping import BookingError
from sandbox.asperion.import_settings import CLASS_LABELS
from sandbox.asperion.inbox_files import REJECTED
from sandbox.asperion.page_frame import back, page, window


def invoice_routes(store: Store) -> Blueprint:
    """Build the routes of the general and the Facturatie pages."""
    routes = Blueprint("pages", __name__)
    _add_general(routes, store)
    _add_invoices(routes, store)
    return routes


def _add_general(routes: Blueprint, store: Store) -> None:
    @routes.get("/")
    def home() -> str | Response:
        licence = request.args.get("licence", "").strip()
        if licence and "/" not in licence:
            return back("pages.overview", licence=licence)
        return render_template("home.html", licences=store.licences(), refused=licence)

    @routes.get("/<licence>")
    def overview(licence: str) -> str:
        administration = store.administration(licence)
        with administration.lock:
            books = administration.books
            final = books.invoices(FINAL)
            return page(
                administration,
                "overview.html",
                latest=books.invoices()[:5],
                concept_total=sum_incl(books.invoices(CONCEPT)),
                final_count=len(final),
                final_total=sum_incl(final),
                rejected=administration.inbox.files(REJECTED),
            )

    @routes.get("/<licence>/debtors")
    def debtors(licence: str) -> str:
        administration = store.administration(licence)
        with administration.lock:
            books = administration.books
            counts = Counter(invoice.debtor.number for invoice in books.invoices())
            found = sorted(
                books.debtors.by_number.values(), key=lambda d: d.details.display_name.casefold()
            )
            shown, number, pages = window(found)
            return page(
                administration,
                "debtors.html",
                debtors=shown,
                counts=counts,
                page_number=number,
                pages=pages,
            )


def _add_invoices(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/invoices")
    def invoices(licence: str) -> str:
        administration = store.administration(licence)
        with administration.lock:
            return _list(administration)

    @routes.post("/<licence>/invoices")
    def act(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return _act(administration, request.form)

    @routes.get("/<licence>/invoices/<int:invoice_id>")
    def invoice(licence: str, invoice_id: int) -> str:
        administration = store.administration(licence)
        with administration.lock:
            found = administration.books.invoice(invoice_id)
            if found is None:
                abort(404)
            groups = administration.books.duplicates()
            others = [i for same in groups if found in same for i in same if i is not found]
            return page(
                administration, "invoice.html", invoice=found, labels=CLASS_LABELS, others=others
            )


def _list(administration: Administration) -> str:
    status = request.args.get("status")
    wanted = request.args.get("q", "").strip()
    found = administration.books.invoices(status if status in (CONCEPT, FINAL) else None)
    found = [invoice for invoice in found if _matches(invoice, wanted.casefold())]
    shown, number, pages = window(found)
    return page(
        administration,
        "invoices.html",
        invoices=shown,
        found=len(found),
        total=len(administration.books.invoices()),
        excl=sum_excl(found),
        incl=sum_incl(found),
        status=status,
        q=wanted,
        page_number=number,
        pages=pages,
    )


def _matches(invoice: Invoice, wanted: str) -> bool:
    words = (
        invoice.order.description,
        invoice.debtor.details.display_name,
        invoice.debtor.number,
        invoice.number or "",
    )
    return any(wanted in word.casefold() for word in words)


def _act(administration: Administration, form: MultiDict[str, str]) -> Response:
    """Do the chosen act on the ticked invoices, or on all concepts."""
    licence, books = administration.licence, administration.books
    ids = form.getlist("invoice", type=int)
    action = form.get("action")
    if action == "final-all":
        ids = [invoice.id for invoice in books.invoices(CONCEPT)]
    try:
        if action in ("final", "final-all"):
            notice, done = "final", books.finalise(ids)
        elif action == "delete":
            notice, done = "deleted", books.delete(ids)
        else:
            abort(400)
    except BookingError:
        notice, done = "kept", 1
    where = form.get("from", type=int)
    if where and books.invoice(where):
        return back("pages.invoice", licence=licence, invoice_id=where, notice=notice, n=done)
    return back("pages.invoices", licence=licence, notice=notice if done else "none", n=done)
