"""Saving changed choices: first what changes and its effect, then, confirmed, the change itself.

Nothing is stored on the way: the answers travel in the page's hidden fields, and are read again.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_edits import Edits, changes_booking, list_edits, mark_policy
from chalicelib.errors import ShopError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.releasing import Released, release_and_judge
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.choice_effect import find_effect
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.settings_index import render_settings
from chalicelib.web.pages.subscription_trouble import CHOOSING, find_banner
from chalicelib.web.texts.hold_texts import TEXTS

_BY_SETTINGS = frozenset(reason.value for reason, text in TEXTS.items() if text.in_settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a merchant is about to save: the `policy` after it, the address that a confirmation is
    posted to, and the hidden `fields` that it has. `takes_back` is the number of a change that is
    taken back by it, `overtaken` what was changed again since. `back` is the address to which one
    goes back; without it the form itself leads back, filled in as it was.
    """

    policy: Policy
    address: str
    fields: Mapping[str, str]
    back: str = ""
    takes_back: int | None = None
    overtaken: Edits = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing choices did: whether anything was changed, what became of the orders that the
    settings held, and what SEOshop did not do: a text (its English source) and the status of a page
    that says so, or empty.
    """

    is_changed: bool
    released: Released
    obstacle: str = ""
    status: int = 200


def answer_intent(call: Call, form: Form, intent: Intent) -> Response:
    """The page that shows what would change; or, where that is confirmed or changes no booking, the
    change and 303 to the settings.
    """
    before = call.shop.policy
    edits = list_edits(before, intent.policy)
    said, wanted = form.get("confirm"), _name_confirmation(before, intent.policy)
    asks = changes_booking(edits) or bool(intent.overtaken)
    if asks and said != wanted:
        return _render_effect(call, intent, edits, confirm=wanted, is_late=bool(said))
    stored = store_choices(call, intent.policy, takes_back=intent.takes_back)
    if stored.obstacle:
        return render_settings(call, banner=stored.obstacle, status=stored.status)
    kind = "saved" if intent.takes_back is None else "taken_back"
    return call.redirect_with_released(call.build_url("settings"), stored.released, kind)


def _name_confirmation(before: Policy, after: Policy) -> str:
    """What a form says that confirms the change of one policy into the other."""
    return f"{mark_policy(before)}.{mark_policy(after)}"


def _render_effect(
    call: Call, intent: Intent, edits: Edits, *, confirm: str, is_late: bool
) -> Response:
    effect = find_effect(call, call.shop.policy, intent.policy)
    return call.render(
        "choice_effect.html",
        intent=intent,
        lines=call.words.list_lines(edits),
        overtaken=call.words.list_lines(intent.overtaken),
        confirm=confirm,
        is_late=is_late,
        effect=effect,
        has_new_source=any(edit.field == "source" for edit in edits),
    )


def store_choices(call: Call, policy: Policy, *, takes_back: int | None = None) -> Stored:
    """Store changed choices, and look again at the orders that are held because of the settings."""
    is_changed = bool(list_edits(call.shop.policy, policy))
    error: ShopError | None = None
    try:
        change_choices(call.workspace, policy, by=call.actor, takes_back=takes_back)
    except ShopError as failed:  # the choices are stored by then
        error = failed
    released = Released()
    if is_changed:
        released = release_and_judge(call.workspace, _BY_SETTINGS, by=call.actor)
    if error is None:
        return Stored(is_changed=is_changed, released=released)
    status = find_error_text(error).status
    obstacle = find_banner(call, error, CHOOSING)
    return Stored(is_changed=is_changed, released=released, obstacle=obstacle, status=status)
