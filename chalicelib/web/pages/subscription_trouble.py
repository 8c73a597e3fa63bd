"""What a merchant reads whose choices are stored while SEOshop did not do its part."""

from __future__ import annotations

from chalicelib.errors import ShopError, ShopUnauthorised
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.shop.app_proof import is_app_accepted
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import msgid


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleTexts:
    """What is said when the webshop does not answer, when it refuses the shop's own token, and when
    it is not known whose fault a refusal is: English sources.
    """

    unanswered: str
    refused: str
    not_let_in: str


INSTALLING = TroubleTexts(
    unanswered=msgid(
        "Your choices are stored, but your webshop did not answer and the connector could not sign "
        "up for its orders. Press the button again in a minute."
    ),
    refused=msgid(
        "Your choices are stored, but your webshop no longer gives the connector access. Open the "
        "app from the AppCenter again, then press the button once more."
    ),
    not_let_in=msgid(
        "Your choices are stored, but SEOshop does not let the connector in at the moment, which "
        "need not be about your webshop. Press the button again in a quarter of an hour."
    ),
)
CHOOSING = TroubleTexts(
    unanswered=msgid(
        "Your choices are saved. Your webshop did not answer just now, so the connector could not "
        "check whether it is signed up for its orders. It does so again tonight; no order is lost."
    ),
    refused=msgid(
        "Your choices are saved, but your webshop no longer gives the connector access. Open the "
        "app from the AppCenter again."
    ),
    not_let_in=msgid(
        "Your choices are saved, but SEOshop does not let the connector in at the moment, which "
        "need not be about your webshop. It is tried again tonight."
    ),
)


def find_banner(call: Call, error: ShopError, texts: TroubleTexts = INSTALLING) -> str:
    """What is said of an error of SEOshop's. The merchant is sent to the AppCenter only when it is
    proven to be his own token that is refused.
    """
    if not isinstance(error, ShopUnauthorised):
        return texts.unanswered
    is_own_fault = is_app_accepted(call.connector, besides=call.shop.shop_id, is_page=True)
    return texts.refused if is_own_fault else texts.not_let_in
