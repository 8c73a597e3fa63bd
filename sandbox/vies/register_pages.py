"""The page of the register, and JSON for tests under /_control."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.switched_faults import ALWAYS
from sandbox.vies.register import STATES, Register
from sandbox.vies.register_faults import RegisterFault

TITLES = {
    "down": "Niet bereikbaar",
    "slow": "Antwoordt pas na een halve minuut",
    "state-unavailable": "Het register van de lidstaat ligt eruit",
    "too-many": "Te veel vragen aan de lidstaat",
    "too-many-of-all": "Te veel vragen in totaal",
    "error": "Interne fout (500)",
    "unavailable": "Buiten dienst (503)",
    "garbage": "Onleesbaar antwoord",
    "contradicting": "Spreekt zichzelf tegen",
    "requester-refused": "Kent het eigen btw-nummer van de vrager niet",
    "former-form": "Antwoordt in de oude vorm",
}
_SECONDS = {"slow": 30.0}
_SHOWN = 50


def page_routes(register: Register) -> Blueprint:
    """Build the page on which a person sees and switches all."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def show() -> str:
        return _show(register)

    @routes.post("/numbers")
    def switch_number() -> tuple[str, int] | AnyResponse:
        chosen = {"yes": True, "no": False}.get(request.form.get("in_use", ""))
        try:
            register.switch(request.form.get("number", ""), chosen)
        except ValueError:
            return _show(register, problem=request.form.get("number", "")), 400
        return redirect("/", 303)

    @routes.post("/others")
    def switch_others() -> AnyResponse:
        register.others_in_use = request.form.get("in_use") == "yes"
        return redirect("/", 303)

    @routes.post("/faults")
    def switch_fault() -> AnyResponse:
        kind, state = request.form.get("kind", ""), request.form.get("state", "")
        if kind in TITLES and state in {"", *STATES}:
            fault = RegisterFault(kind, ALWAYS, state, _SECONDS.get(kind, 0.0))
            register.faults.add(fault)
        return redirect("/", 303)

    @routes.post("/faults/clear")
    def clear_faults() -> AnyResponse:
        register.faults.clear()
        return redirect("/", 303)

    return routes


def _show(register: Register, problem: str = "") -> str:
    with register.lock:
        numbers = sorted(register.numbers.items())
        questions = list(reversed(register.questions[-_SHOWN:]))
    return render_template(
        "register.html",
        numbers=numbers,
        others_in_use=register.others_in_use,
        questions=questions,
        faults=register.faults.active(),
        titles=TITLES,
        states=sorted(STATES),
        problem=problem,
    )


def control_routes(register: Register) -> Blueprint:
    """Build what tests read and switch."""
    routes = Blueprint("control", __name__, url_prefix="/_control")
    _add_register_routes(routes, register)
    _add_fault_routes(routes, register)
    return routes


def _add_register_routes(routes: Blueprint, register: Register) -> None:
    @routes.get("/register")
    def read() -> Response:
        return jsonify(register.as_json())

    @routes.put("/numbers/<number>")
    def switch(number: str) -> tuple[str, int] | tuple[Response, int]:
        given = request.get_json(silent=True)
        if not isinstance(given, bool | None):
            return jsonify(error="true, false, or null to forget what was said"), 400
        try:
            register.switch(number, given)
        except ValueError as error:
            return jsonify(error=str(error)), 400
        return "", 204

    @routes.post("/reset")
    def reset() -> tuple[str, int]:
        register.reset()
        return "", 204


def _add_fault_routes(routes: Blueprint, register: Register) -> None:
    @routes.post("/faults")
    def add_fault() -> tuple[Response, int]:
        try:
            fault = RegisterFault.from_json(request.get_json(silent=True))
        except ValueError as error:
            return jsonify(error=str(error)), 400
        register.faults.add(fault)
        return jsonify(asdict(fault)), 201

    @routes.delete("/faults")
    def clear() -> tuple[str, int]:
        register.faults.clear()
        return "", 204
