"""Pages of the identity server: signing in, and allowing an application or refusing it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.asperion.asperion_store import Store
from sandbox.asperion.authorize_requests import (
    AuthorizeRequest,
    RefusedRequest,
    UnknownApplication,
    WaitingRequests,
    check_request,
    read_request,
)

Page = str | Response | tuple[str, int]


def signin_routes(store: Store) -> Blueprint:
    """Build the routes that a browser visits on its way to consent."""
    routes = Blueprint("signin", __name__, url_prefix="/connect")
    waiting = WaitingRequests(store.clock)
    _add_authorize(routes, store, waiting)
    _add_login(routes, store, waiting)
    _add_consent(routes, store, waiting)
    return routes


def _add_authorize(routes: Blueprint, store: Store, waiting: WaitingRequests) -> None:
    @routes.get("/authorize")
    def authorize() -> Page:
        try:
            asked = read_request(store, request.args)
        except UnknownApplication as error:
            return _explain(str(error))
        try:
            check_request(store, request.args)
        except RefusedRequest as refused:
            values = {"error": refused.error, "error_description": refused.description}
            return redirect(asked.write_answer(**values), 302)
        if store.guesses.pkce == "ignored":
            asked.challenge = ""
        with store.lock:
            key = waiting.keep(asked)
        return redirect(url_for("signin.login", request=key), 302)


def _add_login(routes: Blueprint, store: Store, waiting: WaitingRequests) -> None:
    @routes.get("/login")
    def login() -> Page:
        asked = _find(store, waiting)
        return _show_login(store) if asked else _explain_late()

    @routes.post("/login")
    def sign_in() -> Page:
        asked = _find(store, waiting)
        if asked is None:
            return _explain_late()
        name = request.form.get("user", "").strip()
        user = store.user(name)
        if user is None or user.password != request.form.get("password", ""):
            return _show_login(store, name=name, is_refused=True), 401
        asked.user = user.name
        return redirect(url_for("signin.consent", request=_read_key()), 303)


def _add_consent(routes: Blueprint, store: Store, waiting: WaitingRequests) -> None:
    @routes.get("/consent")
    def consent() -> Page:
        asked = _find(store, waiting)
        if asked is None or not asked.user:
            return _explain_late()
        return render_template(
            "signin_consent.html",
            application=store.application,
            user=asked.user,
            administrations=store.administrations_of(asked.user),
            key=_read_key(),
        )

    @routes.post("/consent")
    def decide() -> Page:
        with store.lock:
            asked = waiting.get(_read_key())
            if asked is None or not asked.user:
                return _explain_late()
            waiting.take(_read_key())
            if request.form.get("decision") != "allow":
                answer = asked.write_answer(error="access_denied")
            else:
                answer = asked.write_answer(code=_allow(store, asked))
        return redirect(answer, 303)


def _allow(store: Store, asked: AuthorizeRequest) -> str:
    return store.grants.allow(
        asked.user, store.application.id, asked.scope, asked.redirect_uri, asked.challenge
    )


def _read_key() -> str:
    return request.args.get("request", "")


def _find(store: Store, waiting: WaitingRequests) -> AuthorizeRequest | None:
    with store.lock:
        return waiting.get(_read_key())


def _show_login(store: Store, *, name: str = "", is_refused: bool = False) -> str:
    return render_template(
        "signin_login.html",
        application=store.application,
        users=store.users()[:5],
        name=name,
        is_refused=is_refused,
        key=_read_key(),
    )


def _explain(reason: str) -> tuple[str, int]:
    return render_template("signin_error.html", reason=reason), 400


def _explain_late() -> tuple[str, int]:
    return _explain("Deze aanvraag is verlopen of al beantwoord. Begin opnieuw in de toepassing.")
