"""The REST interface, as VIES answers it: ``POST …/rest-api/check-vat-number``."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request
from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Response as AnyResponse

from sandbox.vies.register import Register, is_number
from sandbox.vies.register_faults import CODES, RegisterFault, RegisterFaults

API = "/taxation_customs/vies/rest-api"
_UNKNOWN = "---"


def rest_routes(register: Register) -> Blueprint:
    """Build the route that takes a question."""
    routes = Blueprint("rest", __name__, url_prefix=API)

    @routes.post("/check-vat-number")
    def check() -> AnyResponse:
        return _answer(register, request.get_json(silent=True))

    return routes


def _answer(register: Register, asked: object) -> AnyResponse:
    if not isinstance(asked, Mapping):
        return _refuse(400, "INVALID_INPUT")
    number = f"{asked.get('countryCode', '')}{asked.get('vatNumber', '')}"
    given = (asked.get("requesterMemberStateCode"), asked.get("requesterNumber"))
    requester = "".join(str(part) for part in given if part)
    fault = register.faults.take(number[:2], has_requester=bool(requester))
    answer, said = _choose(register, number, requester, fault)
    register.note(number, requester, said)
    return answer


def _choose(
    register: Register, number: str, requester: str, fault: RegisterFault | None
) -> tuple[AnyResponse, str]:
    """The answer, and what it says in a word."""
    if fault is not None and fault.kind in CODES:
        status, code = CODES[fault.kind]
        return _refuse(status, code), code
    if not is_number(number):
        return _refuse(400, "INVALID_INPUT"), "INVALID_INPUT"
    if requester and not is_number(requester):
        return _refuse(400, "INVALID_REQUESTER_INFO"), "INVALID_REQUESTER_INFO"
    said = _say(register, number, requester)
    if fault is not None:
        return _go_wrong(register.faults, fault, said), fault.kind
    return jsonify(said), "valid" if said["valid"] else "invalid"


def _say(register: Register, number: str, requester: str) -> dict[str, Any]:
    in_use = register.is_in_use(number)
    trader = dict.fromkeys(("Name", "Street", "PostalCode", "City", "CompanyType"), _UNKNOWN)
    return {
        "countryCode": number[:2],
        "vatNumber": number[2:],
        "requestDate": register.clock().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "valid": in_use,
        "requestIdentifier": register.make_consultation() if requester else "",
        "name": f"Onderneming {number}" if in_use else _UNKNOWN,
        "address": f"Registerstraat {number[-2:]}\n1000 Brussel" if in_use else _UNKNOWN,
        **{f"trader{part}": text for part, text in trader.items()},
        **{f"trader{part}Match": "NOT_PROCESSED" for part in trader},
    }


def _refuse(status: int, code: str) -> Response:
    answer = jsonify({"actionSucceed": False, "errorWrappers": [{"error": code}]})
    answer.status_code = status
    return answer


def _go_wrong(faults: RegisterFaults, fault: RegisterFault, said: dict[str, Any]) -> AnyResponse:
    kind = fault.kind
    if kind == "slow":
        faults.stopping.wait(fault.seconds)
        return jsonify(said)
    if kind == "redirect":
        return redirect(f"{API}/check-vat-number", 307)
    if kind in ("down", "trickle", "huge"):
        return _send_badly(faults, fault, said)
    if kind in ("error", "garbage", "page"):
        status = 500 if kind == "error" else 200
        body = "<!doctype html><title>VIES</title>" if kind == "page" else '{"valid": tr'
        return Response(body, status, mimetype="text/html" if kind == "page" else None)
    return jsonify(_spoil(kind, said))


def _spoil(kind: str, said: dict[str, Any]) -> dict[str, Any]:
    """An answer of the right form that says something else."""
    if kind == "former-form":
        former = {**said, "isValid": said["valid"], "originalVatNumber": said["vatNumber"]}
        del former["valid"], former["countryCode"]
        return {**former, "userError": "VALID" if said["valid"] else "INVALID"}
    return {
        "contradicting": {**said, "isValid": not said["valid"]},
        "another-number": {**said, "vatNumber": said["vatNumber"][::-1] + "9"},
        "trouble-as-invalid": {**said, "valid": False, "userError": "MS_UNAVAILABLE"},
    }[kind]


def _send_badly(faults: RegisterFaults, fault: RegisterFault, said: dict[str, Any]) -> Response:
    text = json.dumps(said)

    def send() -> Iterator[bytes]:
        if fault.kind == "down":
            raise ClientDisconnected  # closes the connection before a status line is sent
        if fault.kind == "huge":
            while not faults.stopping.is_set():
                yield b" " * 65536
        for sign in text:
            if faults.stopping.wait(fault.seconds):
                return
            yield sign.encode()

    return Response(send(), mimetype="application/json")
