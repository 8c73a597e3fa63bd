"""Debtors over the API: as it shows them, finds them and takes new ones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request

from sandbox.asperion.debtor_cards import Debtor
from sandbox.asperion.imported_orders import Address, DebtorDetails
from sandbox.asperion.rest_envelopes import answer_list
from sandbox.asperion.rest_fields import FieldReader, read_body
from sandbox.asperion.rest_filters import FilterKind, Filters, Row
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_replies import Findings, Json, RestError, answer_json
from sandbox.asperion.rest_texts import Said

_OWN_TEXTS = (
    *("addressLine3", "mobileNumber", "faxNumber", "iban", "bic", "bban"),
    *("paymentMethodId", "comments", "characteristic4", "characteristic5"),
)
_OWN_BOOLEANS = ("directDebit", "noReminder")
_TEXTS = (
    *("customerNumber", "name", "attentionTo", "address", "addressLine2", "postCode", "city"),
    *("countryCode", "emailAddress", "phoneNumber", "cocNumber", "vatNumber", "debtorKindId"),
    *_OWN_TEXTS,
)
FILTERS: Filters = {
    **{name[0].upper() + name[1:]: FilterKind.TEXT for name in _TEXTS},
    "CustomerNumber": FilterKind.EXACT,
    "DebtorKindId": FilterKind.EXACT,
    "Id": FilterKind.WHOLE,
    "PaymentConditionId": FilterKind.WHOLE,
    "Blocked": FilterKind.BOOLEAN,
    "DirectDebit": FilterKind.BOOLEAN,
    "NoReminder": FilterKind.BOOLEAN,
    "DateAdded_from": FilterKind.FROM,
    "DateAdded_to": FilterKind.UNTIL,
}


def list_debtors(caller: Caller) -> Response:
    """GET debtors."""
    debtors = caller.administration.books.debtors.all()
    rows = (Row(show_debtor(caller, each), made_at=each.added_at) for each in debtors)
    return answer_list(caller, rows, FILTERS)


def give_debtor(caller: Caller, debtor_id: int) -> Response:
    """GET debtors/{id}. Raises RestError 404."""
    debtor = caller.administration.books.debtors.get(debtor_id)
    if debtor is None:
        raise RestError(404, Said.NOT_FOUND)
    return answer_json(show_debtor(caller, debtor))


def add_debtor(caller: Caller) -> Response:
    """POST debtors; with validateOnly nothing is stored. Raises RestError."""
    findings: Findings = {}
    reader = FieldReader(read_body(), findings)
    details, kind, fields = _read_debtor(caller, reader)
    if findings:
        raise RestError(400, Said.INVALID, findings)
    now = caller.administration.clock()
    if asks_to_validate():
        shown = show_debtor(caller, Debtor(0, details.number, details, kind, now, now, fields))
        return answer_validated(caller, shown)
    debtor = caller.administration.books.debtors.add(details, kind, now, fields)
    debtor.is_blocked = bool(reader.boolean("blocked"))
    return answer_json(show_debtor(caller, debtor), 201)


def asks_to_validate() -> bool:
    """Whether a request is only to be checked."""
    given = {name.casefold(): value for name, value in request.args.items()}
    return given.get("validateonly", "").casefold() == "true"


def answer_validated(caller: Caller, shown: Json) -> Response:
    """The answer to a request that was only checked: the object without an id, or nothing."""
    if caller.guesses.validate_only == "empty":
        return Response("", 204)
    return answer_json({**shown, "id": None})


def show_debtor(caller: Caller, debtor: Debtor) -> Json:
    """A debtor in the API's fields."""
    details = debtor.details
    address = details.addresses[0] if details.addresses else Address()
    kind = caller.administration.books.chart.find_debtor_kind(debtor.kind)
    street = (address.street, address.house_number, address.suffix)
    return {
        "id": debtor.id,
        "customerNumber": debtor.number,
        "name": details.display_name,
        "attentionTo": (details.name if details.company else address.attention) or None,
        "address": " ".join(filter(None, street)) or None,
        "addressLine2": address.line2 or None,
        "postCode": address.postal_code or None,
        "city": address.city or None,
        "countryCode": address.country or None,
        "emailAddress": details.email or None,
        "phoneNumber": details.phone or None,
        "cocNumber": details.coc_number or None,
        "vatNumber": details.vat_number or None,
        "debtorKindId": kind.id if kind else None,
        "paymentConditionId": None,
        **dict.fromkeys(_OWN_TEXTS),
        **dict.fromkeys(_OWN_BOOLEANS, False),
        **debtor.fields,
        "blocked": debtor.is_blocked,
        "dateAdded": write_moment(debtor.added_at),
        "dateLastChange": write_moment(debtor.changed_at),
    }


def write_moment(moment: datetime) -> str:
    """A time as the API writes it, without a zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _read_debtor(
    caller: Caller, reader: FieldReader
) -> tuple[DebtorDetails, str, Mapping[str, Any]]:
    texts = {name: (reader.text(name) or "").strip() for name in _TEXTS}
    reader.demand("name")
    email = texts["emailAddress"]
    if email and (email.count("@") != 1 or email.strip("@") != email or " " in email):
        reader.find("emailAddress", Said.NOT_EMAIL)
    number = texts["customerNumber"]
    if number and number in caller.administration.books.debtors.by_number:
        reader.find("customerNumber", Said.NUMBER_TAKEN, number)
    country = texts["countryCode"]
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        reader.find("countryCode", Said.UNKNOWN_VALUE, country)
    own = {name: texts[name] for name in _OWN_TEXTS if texts[name]}
    flags = {name: value for name in _OWN_BOOLEANS if (value := reader.boolean(name)) is not None}
    reader.boolean("blocked")
    condition = _read_condition(caller, reader)
    fields = {**own, **flags, **({"paymentConditionId": condition} if condition else {})}
    return _make_details(texts), _read_kind(caller, reader, texts["debtorKindId"]), fields


def _read_condition(caller: Caller, reader: FieldReader) -> int | None:
    condition = reader.whole("paymentConditionId")
    if condition and caller.administration.books.chart.condition(condition) is None:
        reader.find("paymentConditionId", Said.UNKNOWN_VALUE, condition)
    return condition


def _read_kind(caller: Caller, reader: FieldReader, kind_id: str) -> str:
    chart = caller.administration.books.chart
    kind = chart.debtor_kind(kind_id) if kind_id else chart.debtor_kinds[0]
    if kind is None:
        reader.find("debtorKindId", Said.UNKNOWN_VALUE, kind_id)
        return ""
    return kind.description


def _make_details(texts: Mapping[str, str]) -> DebtorDetails:
    attention = texts["attentionTo"]
    return DebtorDetails(
        number=texts["customerNumber"],
        email=texts["emailAddress"],
        name=attention or texts["name"],
        company=texts["name"] if attention else "",
        phone=texts["phoneNumber"],
        vat_number=texts["vatNumber"],
        coc_number=texts["cocNumber"],
        addresses=(
            Address(
                street=texts["address"],
                line2=texts["addressLine2"],
                postal_code=texts["postCode"],
                city=texts["city"],
                country=texts["countryCode"].upper(),
            ),
        ),
    )
