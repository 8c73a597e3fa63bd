"""What a merchant reads on the way through the installation."""

from __future__ import annotations

from chalicelib.domain.policy import LEFT_TO_ASPERION, NOT_CHOSEN, Policy
from chalicelib.web.texts.localisation import msgid

NO_ANSWER = msgid(
    "Your webshop does not answer at the moment, so your payment methods cannot be shown. You can "
    "go on: what you chose before is kept, and for the rest Asperion chooses. You can choose "
    "later, in the settings."
)
NOT_COUNTED = msgid(
    "Your webshop does not answer at the moment, so the orders cannot be counted. Try again in a "
    "minute, or begin today: older orders can be taken along later as well."
)
NOT_COUNTABLE = msgid(
    "Orders from before today cannot be taken along here. Begin today; older orders can be taken "
    "along later as well."
)
NO_START = msgid("Choose from when your orders are included.")
NO_DAY = msgid("Fill in a date, such as 1-7-2026.")
FUTURE_DAY = msgid("This date is still to come. Choose today or an earlier day.")
TWO_STARTS = msgid(
    "You chose today and filled in a date as well. Choose one of the two, or clear the date."
)

_HELD_AFTER_A_CHOICE = msgid(
    "If you add a payment method later, its orders wait until you have chosen for it here; only if "
    "you leave all of them to Asperion are they sent automatically."
)
_ALWAYS_HELD = msgid(
    "If you add a payment method later, its orders wait until you have chosen for it here."
)
_LEFT = msgid("If you add a payment method later, Asperion chooses for its orders.")
_SAME_CODE = msgid(
    "If you add a payment method later, its orders get what you chose as the default."
)


def describe_new_methods(policy: Policy) -> str:
    """What becomes of orders that are paid in a way which the shop has not got yet."""
    by_default = {NOT_CHOSEN: _HELD_AFTER_A_CHOICE, None: _ALWAYS_HELD, LEFT_TO_ASPERION: _LEFT}
    return by_default.get(policy.default_payment, _SAME_CODE)


def name_default(policy: Policy) -> str:
    """How the choice is called that leaves a payment method at the default."""
    is_left = policy.default_payment in (NOT_CHOSEN, None, LEFT_TO_ASPERION)
    return msgid("Let Asperion choose") if is_left else msgid("Default")
