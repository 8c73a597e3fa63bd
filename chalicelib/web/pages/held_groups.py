"""Groups of held orders on the overview: what their cards show, and what their buttons do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind
from chalicelib.domain.policy import LEFT_TO_ASPERION, Policy, VatClass
from chalicelib.errors import RequestError, ShopError, VaultError
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.held_causes import HeldGroup, list_held_for
from chalicelib.usecases.operating.releasing import judge_again
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.back_office_links import link_order
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.held_details import write_detail
from chalicelib.web.pages.rate_rows import read_country, read_rate
from chalicelib.web.pages.settings_form import ASPERION
from chalicelib.web.texts.hold_texts import find_hold_text

SHOWN_OF_A_GROUP = 12

_CHOICES = {HoldReason.PAYMENT_METHOD_NEW.value: "payment", HoldReason.RATE_FOREIGN.value: "rate"}


def show_group(call: Call, held: HeldGroup, titles: Mapping[str, str]) -> dict[str, Any]:
    """The card of a group of held orders: its texts, what it is about, the first documents with the
    addresses of their orders in the shop's back office, and how many `more` there are. `choice` is
    ``payment`` or ``rate`` where one choice on the card removes the cause. `titles` are those of
    payment methods by key.
    """
    shown = held.entries[:SHOWN_OF_A_GROUP]
    taken_back = all(entry.kind is DocumentKind.REVERSAL for entry in held.entries)
    return {
        "held": held,
        "text": find_hold_text(held.reason, detail=held.detail, taken_back=taken_back),
        "about": write_detail(call.templates, held.reason, held.detail, titles),
        "first": [{"entry": entry, "page": link_order(call, entry)} for entry in shown],
        "more": len(held.entries) - len(shown),
        "choice": _CHOICES.get(held.reason, "") if held.detail else "",
    }


def release_group(call: Call) -> Response:
    """``POST /held``: look again at the held orders of one cause, if asked after storing the choice
    that removes it (field ``choice``); with ``action`` ``by_hand`` leave them out for good. Where
    no order is held for that cause any more nothing is stored: the choice was only for those.
    """
    form = call.read_own_form()
    workspace = call.workspace
    hold, detail = form.get("hold"), form.fields.get("detail", "")
    if not hold:
        raise RequestError("The form does not say which orders are meant.")
    if form.get("action") == "by_hand":
        count = repair.book_group_by_hand(workspace, hold=hold, detail=detail, by=call.actor)
        return call.redirect_with_notice(call.build_url(), "by_hand", count)
    held = list_held_for(workspace, hold, detail)
    if "choice" in form:
        policy = _add_choice(call, call.shop.policy, form)
        if held:
            store_policy(call, policy)
    released = judge_again(workspace, held, by=call.actor, cause=RequestCause.MENDED)
    return call.redirect_with_released(call.build_url(), released)


def store_policy(call: Call, policy: Policy) -> None:
    """Store a choice that a button makes beside the settings.

    `change_choices` stores it before it renews the shop's subscriptions, so a shop that does
    not answer at this moment is no obstacle.
    """
    try:
        change_choices(call.workspace, policy, by=call.actor)
    except (ShopError, VaultError) as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("subscription not renewed", extra=extra)


def _add_choice(call: Call, policy: Policy, form: Form) -> Policy:
    hold, detail = form.get("hold"), form.fields.get("detail", "")
    choice = form.get("choice")
    if hold == HoldReason.PAYMENT_METHOD_NEW and detail:
        codes = [payment.code for payment in call.workspace.profile.payments]
        if choice not in (ASPERION, *codes):
            raise RequestError("That is none of the profile's payment methods.")
        code = LEFT_TO_ASPERION if choice == ASPERION else choice
        return replace(policy, payments=MappingProxyType({**policy.payments, detail: code}))
    if hold == HoldReason.RATE_FOREIGN:
        country, _, percent = detail.partition(" ")
        try:
            rate = {(read_country(country), read_rate(percent)): VatClass(choice)}
        except ValueError:
            raise RequestError("That is no rate, or no class of Asperion.") from None
        return replace(policy, foreign_rates=MappingProxyType({**policy.foreign_rates, **rate}))
    raise RequestError("This cause cannot be removed by a choice.")
