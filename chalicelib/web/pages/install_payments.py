"""The installation's page of payment methods: what the shop has, with guesses filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain import bounds
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payment_guesses import guess_code
from chalicelib.domain.policy import Policy
from chalicelib.errors import ShopError
from chalicelib.usecases.shop.installation_steps import keep_payments
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.install_steps import Step, go_to, render_step
from chalicelib.web.pages.settings_form import PAYMENT
from chalicelib.web.texts.install_texts import NO_ANSWER, describe_new_methods, name_default

_ASKED = ("default_payment",)


def list_codes(call: Call) -> frozenset[str]:
    """The payment codes that the aXML profile has."""
    return frozenset(payment.code for payment in call.workspace.profile.payments)


def render_payments(
    call: Call,
    problems: Mapping[str, str] | None = None,
    posted: Mapping[str, str] | None = None,
) -> Response:
    """The page of payment methods. A method that was not answered yet shows our guess, or is asked;
    a guess counts only when it is posted.
    """
    policy, codes = call.shop.policy, call.workspace.profile.payments
    listed, is_listed = _list_methods(call)
    methods = _leave_room(call, listed)
    open_ones = [each for each in methods if not _is_answered(call, each)]
    guesses = {each.key: guess_code(each, codes) for each in open_ones}
    guessed = {PAYMENT + key: code for key, code in guesses.items() if code is not None}
    asked = [each for each in open_ones if guesses[each.key] is None]
    shown = [*asked, *(each for each in methods if each not in asked)]
    return render_step(
        call,
        Step.PAYMENTS,
        problems=problems,
        methods=shown,
        targets={PAYMENT + each.key: f"payment-{row}" for row, each in enumerate(shown, 1)},
        names={PAYMENT + each.key: each.title for each in shown},
        values={**settings_form.list_values(policy), **guessed, **(posted or {})},
        guessed=frozenset(guessed) - frozenset(posted or ()),
        asked={PAYMENT + each.key for each in asked},
        new=frozenset(),
        codes=codes,
        default_name=name_default(policy),
        fate=describe_new_methods(policy),
        left_out=len(listed) - len(methods),
        banner="" if is_listed else NO_ANSWER,
    )


def save_payments(call: Call, form: Form) -> Response:
    """Keep what was chosen; a method that was shown and left at the default counts as seen."""
    fields = {
        name: value
        for name, value in form.fields.items()
        if name.startswith(PAYMENT) or name in _ASKED
    }
    answers = settings_form.read_answers(Form(fields), call.shop.policy, list_codes(call))
    if answers.problems:
        return render_payments(call, answers.problems, fields)
    keep_payments(call.workspace, answers.policy)
    return go_to(call, Step.START)


def see_methods(call: Call, policy: Policy) -> Policy:
    """The policy of an installation by one form: every method that the shop has by now counts as
    seen, so that only later ones are new. A shop that does not answer leaves it as it is.
    """
    seen = set(policy.seen_payments)
    for method in _list_methods(call)[0]:
        if method.key not in policy.payments:
            seen.add(method.key)
        if not bounds.fits_methods(policy.payments, seen):
            return policy
    return replace(policy, seen_payments=frozenset(seen))


def _is_answered(call: Call, method: PaymentMethod) -> bool:
    policy = call.shop.policy
    return method.key in policy.payments or method.key in policy.seen_payments


def _leave_room(call: Call, methods: list[PaymentMethod]) -> list[PaymentMethod]:
    """The first of a shop's methods, as many as can be kept whatever is chosen for each: a page
    with more of them could not be sent.
    """
    policy = call.shop.policy
    longest = max(list_codes(call), key=len, default="")
    chosen, shown = dict(policy.payments), list[PaymentMethod]()
    for method in methods:
        chosen[method.key] = longest
        if not bounds.fits_methods(chosen, policy.seen_payments):
            break
        shown.append(method)
    return shown


def _list_methods(call: Call) -> tuple[list[PaymentMethod], bool]:
    """The shop's payment methods, and whether it answered; else those chosen for before."""
    policy = call.shop.policy
    try:
        return call.workspace.api.payment_methods(), True
    except ShopError as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("payment methods cannot be listed", extra=extra)
        known = sorted({*policy.payments, *policy.seen_payments})
        return [PaymentMethod(key=key, title=key) for key in known], False
