"""Pages: one debtor, the administration's lists, and the applications that are let in."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.debtor_cards import Debtor
from sandbox.asperion.page_frame import back, page


def master_data_routes(store: Store) -> Blueprint:
    """Build the routes of debtors, lists and linked applications."""
    routes = Blueprint("master", __name__)
    _add_debtor(routes, store)
    _add_lists(routes, store)
    _add_applications(routes, store)
    return routes


def _add_debtor(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/debtors/<int:debtor_id>")
    def debtor(licence: str, debtor_id: int) -> str:
        administration = store.administration(licence)
        with administration.lock:
            found = _find_debtor(administration, debtor_id)
            others = [each for each in administration.books.debtors.all() if each is not found]
            return page(administration, "debtor.html", debtor=found, others=others)

    @routes.post("/<licence>/debtors/<int:debtor_id>/block")
    def block(licence: str, debtor_id: int) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            found = _find_debtor(administration, debtor_id)
            books, now = administration.books, administration.clock()
            books.debtors.block(debtor_id, now, is_blocked=not found.is_blocked)
        return back("master.debtor", licence=licence, debtor_id=debtor_id, notice="saved")

    @routes.post("/<licence>/debtors/<int:debtor_id>/merge")
    def merge(licence: str, debtor_id: int) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            into = request.form.get("into", 0, type=int)
            if not administration.books.merge(debtor_id, into):
                abort(404)
        return back("master.debtor", licence=licence, debtor_id=into, notice="merged")


def _find_debtor(administration: Administration, debtor_id: int) -> Debtor:
    found = administration.books.debtors.get(debtor_id)
    if found is None:
        abort(404)
    return found


def _add_lists(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/lists")
    def lists(licence: str) -> str:
        administration = store.administration(licence)
        with administration.lock:
            return page(administration, "lists.html", books=administration.books)

    @routes.post("/<licence>/lists/codes/<code>")
    def end_code(licence: str, code: str) -> Response:
        last = _read_last_day()
        return _change(store, licence, lambda each: each.books.codes.end(code, last))

    @routes.post("/<licence>/lists/accounts/<int:account>")
    def disable(licence: str, account: int) -> Response:
        return _change(store, licence, lambda each: _turn_account(each, account))

    @routes.post("/<licence>/lists/closing")
    def end_administration(licence: str) -> Response:
        return _change(store, licence, _turn_administration)


def _change(store: Store, licence: str, act: Callable[[Administration], bool]) -> Response:
    administration = store.administration(licence)
    with administration.lock:
        if not act(administration):
            abort(404)
    return back("master.lists", licence=licence, notice="saved")


def _read_last_day() -> date | None:
    given = request.form.get("last", "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        abort(400)


def _turn_account(administration: Administration, number: int) -> bool:
    chart = administration.books.chart
    known = chart.accounts.get(number)
    return known is not None and chart.disable_account(number, is_disabled=not known.is_disabled)


def _turn_administration(administration: Administration) -> bool:
    administration.is_closed = not administration.is_closed
    return True


def _add_applications(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/apps")
    def applications(licence: str) -> str:
        administration = store.administration(licence)
        with store.lock:
            owners = [user.name for user in store.users() if licence in user.licences]
            grants = [grant for grant in store.grants.grants() if grant.user in owners]
        with administration.lock:
            name = store.application.name
            return page(administration, "linked_apps.html", grants=grants, application=name)

    @routes.post("/<licence>/apps/<int:grant_id>/revoke")
    def revoke(licence: str, grant_id: int) -> Response:
        with store.lock:
            store.grants.revoke(grant_id)
        return back("master.applications", licence=licence, notice="revoked")
