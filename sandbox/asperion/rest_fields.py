"""Reading a JSON object that was posted: each field checked, what is wrong gathered by name."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from flask import request

from sandbox.asperion.rest_replies import Findings, RestError
from sandbox.asperion.rest_texts import Said

LARGEST = Decimal("99999999.99")


def read_body() -> Mapping[str, Any]:
    """The object that was posted, numbers as they were written. Raises RestError."""
    if request.mimetype != "application/json":
        raise RestError(415, Said.NO_JSON)
    try:
        body = json.loads(request.get_data(), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RestError(400, Said.BAD_JSON) from None
    if not isinstance(body, dict):
        raise RestError(400, Said.BAD_JSON)
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


class FieldReader:
    """Reads fields of one object; `prefix` is how findings name it, as "lines[0].".

    A field that is null or left out is absent. Readers of wrong values give None and keep the
    finding.
    """

    def __init__(self, body: Mapping[str, Any], findings: Findings, prefix: str = "") -> None:
        self._body = body
        self._prefix = prefix
        self.findings = findings

    def find(self, name: str, said: Said, *values: object) -> None:
        """Keep a finding on a field."""
        self.findings.setdefault(f"{self._prefix}{name}", []).append((said, values))

    def demand(self, name: str) -> bool:
        """Whether a field says something; keeps a finding if not."""
        value = self._body.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.find(name, Said.REQUIRED)
            return False
        return True

    def text(self, name: str, longest: int = 255) -> str | None:
        """A text."""
        value = self._body.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.find(name, Said.NOT_TEXT)
            return None
        if len(value) > longest:
            self.find(name, Said.TOO_LONG, longest)
            return None
        return value

    def whole(self, name: str) -> int | None:
        """A whole number."""
        value = self._body.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.find(name, Said.NOT_WHOLE)
            return None
        return value

    def amount(self, name: str) -> Decimal | None:
        """An amount in euros: a JSON number with two decimals at most."""
        value = self._body.get(name)
        if value is None:
            return None
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            self.find(name, Said.NOT_NUMBER)
            return None
        value = Decimal(value)
        if abs(value) > LARGEST:
            self.find(name, Said.OUT_OF_RANGE)
            return None
        exact = value.quantize(Decimal("0.01"))
        if exact != value:
            self.find(name, Said.TWO_DECIMALS)
            return None
        return exact

    def boolean(self, name: str) -> bool | None:
        """True or false."""
        value = self._body.get(name)
        if value is not None and not isinstance(value, bool):
            self.find(name, Said.NOT_BOOLEAN)
            return None
        return value

    def day(self, name: str) -> date | None:
        """A date: yyyy-MM-dd, alone or with a time, with or without a zone."""
        value = self._body.get(name)
        if value is None:
            return None
        try:
            return _read_day(value)
        except ValueError:
            self.find(name, Said.NOT_DATE)
            return None


def _read_day(value: object) -> date:
    if not isinstance(value, str) or value[10:11] not in ("", "T"):
        raise ValueError
    return date.fromisoformat(value[:10])
