"""Handlers that change something: release, send again, accept, pause, resume. All end in a 303."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.policy import LEFT_TO_ASPERION, Policy, VatClass
from chalicelib.domain.shops import Shop
from chalicelib.errors import RequestError, ShopError
from chalicelib.usecases.changes import by_hand, corrections
from chalicelib.usecases.lifecycle import install, leave
from chalicelib.usecases.operating import repair
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form as form
from chalicelib.web.pages.call import Call

MERCHANT = "merchant"


def held(call: Call) -> Response:
    """``POST /held``: free a group of held orders, if asked after storing the choice that mends
    its cause (field ``choice``); with ``action`` ``by_hand`` leave them out for good.
    """
    shop, posted = call.posted()
    hold, detail = posted.get("hold"), posted.exact("detail")
    if not hold:
        raise RequestError("The form does not say which orders are meant.")
    if posted.get("action") == by_hand.BY_HAND:
        left = by_hand.settle_group_by_hand(
            call.connector, shop.shop_id, hold=hold, detail=detail, by=MERCHANT
        )
        return _back(call, call.public_url + "/", "by_hand", left)
    if "choice" in posted:
        _mend(call, shop, posted)
    freed = repair.release(call.connector, shop.shop_id, hold=hold, detail=detail, by=MERCHANT)
    return _back(call, call.public_url + "/", "released", freed)


def order(call: Call) -> Response:
    """``POST /orders/{number}``: ``action`` is ``retry``, ``again`` (with ``reason``), ``accept``,
    ``correct`` or ``by_hand`` (with ``document``, the key of one of several); with ``from``
    ``overview`` it ends there.
    """
    shop, posted = call.posted()
    connector, number, action = call.connector, call.params["number"], posted.get("action")
    there = call.pages().url("orders", number)
    if posted.get("from") == "overview":
        there = call.public_url + "/"
    if action == "retry":
        count = repair.retry(connector, shop.shop_id, number, by=MERCHANT)
        return _back(call, there, "released", count)
    if action == "again":
        count = repair.send_again(
            connector, shop.shop_id, number, reason=posted.get("reason"), by=MERCHANT
        )
        return _back(call, there, "again", count)
    if action == "accept":
        count = repair.accept_change(connector, shop.shop_id, number, by=MERCHANT)
        return _back(call, there, "accepted", count)
    if action == "correct":
        count = corrections.correct(connector, shop.shop_id, number, by=MERCHANT)
        return _back(call, there, "corrected", count)
    if action == by_hand.BY_HAND:
        count = by_hand.settle_by_hand(
            connector, shop.shop_id, number, by=MERCHANT, key=posted.get("document")
        )
        return _back(call, there, "by_hand", count)
    raise RequestError("The form does not say what to do with the order.")


def pause(call: Call) -> Response:
    """``POST /pause``: stop exporting for now."""
    shop, _ = call.posted()
    leave.pause(call.connector, shop.shop_id, by=MERCHANT)
    return _back(call, call.public_url + "/", "paused", 1)


def resume(call: Call) -> Response:
    """``POST /resume``: go on."""
    shop, _ = call.posted()
    leave.resume(call.connector, shop.shop_id, by=MERCHANT)
    return _back(call, call.public_url + "/", "resumed", 1)


def _back(call: Call, url: str, kind: str, count: int) -> Response:
    return redirect(url, cookies=[call.sessions.notify(kind if count else "nothing", count)])


def _mend(call: Call, shop: Shop, posted: Form) -> None:
    """Store the choice that mends a group's cause.

    Choices are stored before the subscription is looked after, so that a shop that does not answer
    at this moment is no obstacle.
    """
    policy = _mended(call, shop.policy, posted)
    try:
        install.complete(call.connector, shop.shop_id, licence=shop.licence or "", policy=policy)
    except ShopError as error:
        call.log.warning(
            "subscription not looked after",
            extra={"shop_id": shop.shop_id, "error": type(error).__name__},
        )


def _mended(call: Call, policy: Policy, posted: Form) -> Policy:
    hold, detail, choice = posted.get("hold"), posted.exact("detail"), posted.get("choice")
    if hold == HoldReason.PAYMENT_METHOD_NEW and detail:
        codes = [payment.code for payment in call.connector.profile().payments]
        if choice not in (form.ASPERION, *codes):
            raise RequestError("That is none of the profile's payment methods.")
        code = LEFT_TO_ASPERION if choice == form.ASPERION else choice
        return replace(policy, payments=MappingProxyType({**policy.payments, detail: code}))
    if hold == HoldReason.RATE_FOREIGN:
        country, _, percent = detail.partition(" ")
        try:
            rate = {(country, form.read_rate(percent)): VatClass(choice)}
        except ValueError:
            raise RequestError("That is no rate, or no class of Asperion.") from None
        return replace(policy, foreign_rates=MappingProxyType({**policy.foreign_rates, **rate}))
    raise RequestError("This cause cannot be mended by a choice.")
