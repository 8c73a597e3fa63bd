"""One subject of the settings: its choices, each with what follows from it, and their saving."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.choice_history import find_former_policy
from chalicelib.domain.days import local_day
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_edits import apply_edits, list_edits, mark_policy
from chalicelib.domain.shops import ShopState
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.domain.vat import read_own_number
from chalicelib.errors import ShopError, VaultError
from chalicelib.usecases.shop.choosing import read_history
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.choice_saving import Intent, answer_intent
from chalicelib.web.pages.description_form import list_examples
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.page_templates import SHOP_FIELD
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.settings_questions import QUESTIONS
from chalicelib.web.texts.settings_subjects import (
    BY_NAME,
    SUBJECTS,
    Subject,
    SubjectName,
    find_field,
)

NOT_REACHED = msgid(
    "Your webshop does not answer at the moment, so your payment methods cannot be listed. You "
    "can go on: choices made before are kept, everything else follows the default. Come back "
    "later to choose."
)
VERSION = "version"  # the field that says how the choices were when the form was opened


def render_subject(call: Call) -> Response:
    """``GET /settings/{subject}``: the choices of one subject."""
    subject = _find_subject(call)
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    return _render(call, subject)


def save_subject(call: Call) -> Response:
    """``POST /settings/{subject}``: what would change, to be confirmed; confirmed, the change and
    303 to the settings. With a form that was opened before a choice on it was changed, 409 and what
    was changed meanwhile.
    """
    subject, posted = _find_subject(call), call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    form = Form(settings_form.select_controls(posted.fields, subject.names))
    answers = read_answers(call, form)
    version = posted.get(VERSION) or mark_policy(call.shop.policy, subject.names)
    if posted.get("action") == "back":
        return _render(call, subject, values=form.fields, version=version)
    if answers.problems:
        return _render(
            call, subject, answers.problems, values=form.fields, version=version, status=400
        )
    if not list_edits(call.shop.policy, answers.policy):
        cookies = [call.set_notice("saved_as_before")]
        return redirect(call.build_url("settings"), cookies=cookies)
    if version != mark_policy(call.shop.policy, subject.names):
        return _render_overtaken(call, subject, answers.policy, version)
    address = call.build_url("settings", subject.name.value)
    fields = {**form.fields, VERSION: version}
    intent = Intent(policy=answers.policy, address=address, fields=fields)
    return answer_intent(call, posted, intent)


def read_answers(call: Call, form: Form) -> settings_form.Answers:
    """What a form of an installed shop makes of its choices."""
    codes = frozenset(payment.code for payment in call.workspace.profile.payments)
    ticked, home = local_day(call.connector.clock()), _find_home(call)
    return settings_form.read_answers(form, call.shop.policy, codes, ticked=ticked, home=home)


def render_problems(call: Call, form: Form, problems: Mapping[str, str]) -> Response:
    """The page of the first subject of which a form of any subjects has problems. All that was
    posted is on it, that of other subjects in hidden fields, and is posted as it was before.
    """
    first = find_field(next(iter(problems)))
    subject = next(each for each in SUBJECTS if first in each.names)
    own = settings_form.select_controls(form.fields, subject.names)
    shown = {name: text for name, text in problems.items() if find_field(name) in subject.names}
    carried = {
        name: value
        for name, value in form.fields.items()
        if name not in own and name not in (SHOP_FIELD, VERSION)
    }
    return _render(call, subject, shown, values=own, carried=carried, status=400)


def _find_subject(call: Call) -> Subject:
    """Raises `NoSuchPage`."""
    subject = BY_NAME.get(call.params["subject"])
    if subject is None:
        raise NoSuchPage
    return subject


def _render_overtaken(call: Call, subject: Subject, posted: Policy, version: str) -> Response:
    """The form once more, saying what somebody else changed since it was opened: with those
    changes, and over them what was changed in this form.
    """
    stored = call.shop.policy
    opened = find_former_policy(read_history(call.workspace), stored, version, subject.names)
    if opened is None:
        meanwhile, filled = list_edits(posted, stored), posted
    else:
        meanwhile = list_edits(opened, stored)
        own = [edit for edit in list_edits(opened, posted) if edit.field in subject.names]
        filled = apply_edits(stored, own)
    return _render(
        call,
        subject,
        values=settings_form.list_values(filled),
        status=409,
        meanwhile=call.words.list_lines(edit for edit in meanwhile if edit.field in subject.names),
    )


def _render(
    call: Call,
    subject: Subject,
    problems: Mapping[str, str] | None = None,
    *,
    values: Mapping[str, str] | None = None,
    version: str = "",
    status: int = 200,
    meanwhile: list[str] | None = None,
    carried: Mapping[str, str] | None = None,
) -> Response:
    """The subject's page, with the `values` and the `problems` of a form. With `carried` fields of
    other subjects, the form is posted where all of them are.
    """
    policy = call.shop.policy
    stored = settings_form.select_controls(settings_form.list_values(policy), subject.names)
    filled = {**stored, **(values or {})}
    methods: list[PaymentMethod] = []
    is_listed = True
    if subject.name is SubjectName.PAYMENTS:
        methods, is_listed = list_methods(call)
    suggested = ""
    if subject.name is SubjectName.VAT and not (policy.own_vat_number or values):
        suggested = filled["own_vat_number"] = _find_own_number(call)
    return call.render(
        "subject.html",
        status=status,
        subject=subject,
        address=call.build_url("settings", *([] if carried else [subject.name.value])),
        carried=carried or {},
        version=version or mark_policy(policy, subject.names),
        values=filled,
        problems=problems or {},
        targets=_find_targets(problems or {}, methods),
        banner="" if is_listed else NOT_REACHED,
        meanwhile=meanwhile or [],
        methods=methods,
        new={method.key for method in methods if is_new(policy, method.key)},
        codes=call.workspace.profile.payments,
        questions=QUESTIONS,
        rows=settings_form.count_rate_rows(filled),
        examples=list_examples(filled),
        suggested=suggested,
    )


def _find_targets(problems: Mapping[str, str], methods: list[PaymentMethod]) -> dict[str, str]:
    """The id of each control that a problem is about."""
    places = {settings_form.PAYMENT + each.key: index for index, each in enumerate(methods, 1)}
    targets = {}
    for name in problems:
        if name in places:
            targets[name] = f"payment-{places[name]}"
        elif name.startswith(settings_form.PAYMENT):
            targets[name] = "main"
        elif choice := getattr(QUESTIONS.get(name), "options", None):
            targets[name] = f"{name}-{choice[0].value}"
        else:
            targets[name] = name
    return targets


def _find_own_number(call: Call) -> str:
    """The VAT number that the shop gives as its own, where it is a usable one; else nothing."""
    try:
        typed = call.workspace.api.vat_number()
    except (ShopError, VaultError) as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("the shop's VAT number cannot be looked up", extra=extra)
        return ""
    return read_own_number(typed, _find_home(call)) or ""


def _find_home(call: Call) -> str:
    return call.shop.country or NETHERLANDS


def list_methods(call: Call) -> tuple[list[PaymentMethod], bool]:
    """The shop's payment methods, and whether it answered; else those chosen for before."""
    shop = call.shop
    try:
        return call.workspace.api.payment_methods(), True
    except (ShopError, VaultError) as error:
        extra = {"shop_id": shop.shop_id, "error": type(error).__name__}
        call.log.warning("payment methods cannot be listed", extra=extra)
        known = sorted({*shop.policy.payments, *shop.policy.seen_payments})
        return [PaymentMethod(key=key, title=key) for key in known], False
