"""JSON for tests under /_control/api: users, administrations, tokens, switches and faults."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.guesses import UnknownGuess
from sandbox.asperion.rest_faults import RestFault, UnknownRestFault


def rest_control_routes(store: Store) -> Blueprint:
    """Build the routes; a request that means nothing is a 400 that says why."""
    routes = Blueprint("rest_control", __name__, url_prefix="/_control/api")
    _add_faults(routes, store)
    _add_guesses(routes, store)
    _add_users(routes, store)
    _add_tokens(routes, store)
    _add_administrations(routes, store)
    return routes


def _add_faults(routes: Blueprint, store: Store) -> None:
    @routes.get("/faults")
    def faults() -> Response:
        return jsonify([asdict(fault) for fault in store.rest_faults.active()])

    @routes.post("/faults")
    def add_fault() -> tuple[Response, int]:
        try:
            fault = RestFault.from_json(request.get_json(silent=True))
        except UnknownRestFault as error:
            return jsonify(error=str(error)), 400
        store.rest_faults.add(fault)
        return jsonify(asdict(fault)), 201

    @routes.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        store.rest_faults.clear()
        return "", 204


def _add_guesses(routes: Blueprint, store: Store) -> None:
    @routes.get("/guesses")
    def guesses() -> Response:
        return jsonify(asdict(store.guesses))

    @routes.post("/guesses")
    def switch() -> Response | tuple[Response, int]:
        try:
            with store.lock:
                store.guesses.switch(request.get_json(silent=True))
        except UnknownGuess as error:
            return jsonify(error=str(error)), 400
        return jsonify(asdict(store.guesses))

    @routes.delete("/guesses")
    def reset_guesses() -> tuple[str, int]:
        with store.lock:
            store.guesses.reset()
        return "", 204


def _add_users(routes: Blueprint, store: Store) -> None:
    @routes.get("/users")
    def users() -> Response:
        return jsonify([asdict(user) for user in store.users()])

    @routes.post("/users")
    def put_user() -> Response:
        """`name`, `password` ("demo"), `licences`: all that this user has from now on."""
        given = _read_object()
        with store.lock:
            user = store.put_user(str(given["name"]), str(given.get("password", "demo")))
            licences = [str(each) for each in given.get("licences", user.licences)]
            for licence in licences:
                store.administration(licence)
            user.licences[:] = licences
            return jsonify(asdict(user))


def _add_tokens(routes: Blueprint, store: Store) -> None:
    @routes.post("/tokens")
    def issue() -> Response:
        """Tokens of a `user` ("demo") without a browser."""
        user = str(_read_object().get("user", "demo"))
        with store.lock:
            issued = store.grants.issue(user, store.application.id)
        return jsonify(
            access_token=issued.access,
            expires_in=issued.expires_in,
            refresh_token=issued.refresh,
        )

    @routes.post("/tokens/expire")
    def expire() -> Response:
        """End the access tokens of a `user`, or of all; count them."""
        user = _read_object().get("user")
        with store.lock:
            return jsonify(ended=store.grants.expire(user))

    @routes.get("/grants")
    def grants() -> Response:
        with store.lock:
            return jsonify([asdict(grant) for grant in store.grants.grants()])

    @routes.delete("/grants")
    def revoke() -> Response:
        """Take back the consent of the user `?user=`, or of all; count them."""
        wanted = request.args.get("user")
        with store.lock:
            found = [g for g in store.grants.grants() if wanted in (None, g.user)]
            return jsonify(ended=sum(store.grants.revoke(grant.id) for grant in found))

    @routes.post("/application")
    def application() -> Response:
        """`secret`, `redirect_uris` and `redirect_prefixes` of the application; what is left out
        stays.
        """
        given = _read_object()
        with store.lock:
            known = store.application
            known.secret = str(given.get("secret", known.secret))
            known.redirect_uris = list(given.get("redirect_uris", known.redirect_uris))
            known.redirect_prefixes = list(given.get("redirect_prefixes", known.redirect_prefixes))
            return jsonify(asdict(known))


def _add_administrations(routes: Blueprint, store: Store) -> None:
    @routes.get("/administrations")
    def administrations() -> Response:
        found = [store.administration(licence) for licence in store.licences()]
        return jsonify([_describe(each) for each in found])

    @routes.post("/administrations/<licence>")
    def change(licence: str) -> Response:
        """`name`, `is_closed`, `locked_until` (a date or null); what is left out stays."""
        given, administration = _read_object(), store.administration(licence)
        with administration.lock:
            administration.name = str(given.get("name", administration.name))
            administration.is_closed = bool(given.get("is_closed", administration.is_closed))
            if "locked_until" in given:
                last = given["locked_until"]
                administration.locked_until = date.fromisoformat(last) if last else None
            return jsonify(_describe(administration))


def _describe(administration: Administration) -> dict[str, object]:
    last = administration.locked_until
    return {
        "licence": administration.licence,
        "id": administration.id,
        "name": administration.name,
        "is_closed": administration.is_closed,
        "locked_until": last.isoformat() if last else None,
    }


def _read_object() -> Mapping[str, Any]:
    given = request.get_json(silent=True)
    if given is not None and not isinstance(given, dict):
        abort(400)
    return given or {}
