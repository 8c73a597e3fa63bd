"""What a merchant reads whose choices are stored while SEOshop did not do its part."""

from __future__ import annotations

from chalicelib.errors import ShopError, ShopUnauthorised
from chalicelib.usecases.shop.app_proof import is_app_accepted
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import msgid

_KEPT = msgid(
    "Your choices are stored, but your webshop did not answer and the connector could not sign up "
    "for its orders. Press the button again in a minute."
)
_REFUSED = msgid(
    "Your choices are stored, but your webshop no longer gives the connector access. Open the app "
    "from the AppCenter again, then press the button once more."
)
_NOT_LET_IN = msgid(
    "Your choices are stored, but SEOshop does not let the connector in at the moment, which need "
    "not be about your webshop. Press the button again in a quarter of an hour."
)


def find_banner(call: Call, error: ShopError) -> str:
    """What is said of an error of SEOshop's. The merchant is sent to the AppCenter only when it is
    proven to be his own token that is refused.
    """
    if not isinstance(error, ShopUnauthorised):
        return _KEPT
    is_own_fault = is_app_accepted(call.connector, besides=call.shop.shop_id, is_page=True)
    return _REFUSED if is_own_fault else _NOT_LET_IN
