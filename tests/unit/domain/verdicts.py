"""Verdicts as the tests expect them: an invoice, or a hold."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict, judge
from chalicelib.domain.orders import Order
from tests.fakes.documents_of_shop import terms


def booked(verdict: Verdict) -> Invoice:
    assert isinstance(verdict, Invoice), verdict
    return verdict


def held(verdict: Verdict) -> Hold:
    assert isinstance(verdict, Hold), verdict
    return verdict


def book(sold: Order, **policy: Any) -> Invoice:
    return booked(judge(sold, terms(**policy)))


def hold(sold: Order, **policy: Any) -> Hold:
    return held(judge(sold, terms(**policy)))
