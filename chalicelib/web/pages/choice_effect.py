"""What changed choices would do to the shop's last orders."""

from __future__ import annotations

from chalicelib.domain.policy import Policy
from chalicelib.errors import ConnectorError, ShopRateLimited
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.trying_out import compare
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.comparison_view import ComparisonView, show_comparison
from chalicelib.web.texts.localisation import msgid

_NO_ANSWER = msgid(
    "Your webshop does not answer at the moment, so this cannot be shown. You can save the change "
    "all the same."
)
_USED_UP = msgid(
    "We have read as many orders from your webshop as it allows for now, so this cannot be shown. "
    "Try again in an hour, or save the change all the same."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A comparison of the last orders under both policies; or None, and a text (its English source)
    that says why there is none.
    """

    comparison: ComparisonView | None = None
    obstacle: str = ""


def find_effect(call: Call, before: Policy, after: Policy) -> Effect:
    """Compare the shop's last orders under two policies. Nothing is written."""
    try:
        compared = compare(call.workspace, before, after)
    except ConnectorError as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("a change of choices cannot be tried out", extra=extra)
        is_used_up = isinstance(error, ShopRateLimited)
        return Effect(obstacle=_USED_UP if is_used_up else _NO_ANSWER)
    return Effect(comparison=show_comparison(call, compared))
