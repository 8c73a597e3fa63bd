"""What a merchant reads about what keeps files from arriving in Asperion."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.shops import TroubleCause
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts.localisation import msgid


@dataclass(frozen=True, slots=True)
class TroubleText:
    """What is the matter and what to do; `checks_licence`: the settings' first field helps;
    `connects`: the page of the connection with Asperion does.
    """

    title: str
    cure: str
    checks_licence: bool = False
    connects: bool = False


_CHECK_LICENCE = msgid(
    "Usually the licence code is not right, or no longer valid. Check the licence code; your "
    "orders are kept and go with the next delivery."
)

_NOTHING_TO_DO = msgid(
    "You need not do anything: it is tried again by itself, and no order is lost."
)

_TEXTS: Mapping[TroubleCause, TroubleText] = {
    TroubleCause.INBOX_REFUSED: TroubleText(
        "Asperion does not accept the files", _CHECK_LICENCE, checks_licence=True
    ),
    TroubleCause.LICENCE: TroubleText(
        "There is no licence code that can be used", _CHECK_LICENCE, checks_licence=True
    ),
    TroubleCause.INBOX_UNAVAILABLE: TroubleText(
        "Asperion cannot be reached at the moment", _NOTHING_TO_DO
    ),
    TroubleCause.SHOP_UNAVAILABLE: TroubleText(
        "Your webshop does not answer the connector", _NOTHING_TO_DO
    ),
    TroubleCause.UNFINISHED: TroubleText(
        "The night's work has not been finished for more than a day",
        "Your webshop or Asperion gives the connector too little room for all that is to be done. "
        "It goes on by itself, and no order is lost. If it goes on for long, tell the support "
        "desk.",
    ),
    TroubleCause.SHOP_FORBIDDEN: TroubleText(
        "The connector lacks a permission in your webshop",
        "Open the app from the AppCenter and allow what it asks for. If that does not help, remove "
        "the app and install it again; your orders wait.",
    ),
    TroubleCause.SHOP_UNAUTHORISED: TroubleText(
        "Your webshop no longer lets the connector in",
        "Open the app from the AppCenter again. If that does not help, remove the app and install "
        "it again; your orders wait.",
    ),
    TroubleCause.UNPROVEN: TroubleText(
        "SEOshop does not let the connector in at the moment",
        "It is not clear yet whether that is due to your webshop or to the connector itself. You "
        "need not do anything: it is tried again by itself, and no order is lost.",
    ),
    TroubleCause.APP_REFUSED: TroubleText(
        "SEOshop does not let the connector itself in at the moment",
        "It is not due to your webshop, and you need not do anything. We are working on it; it is "
        "tried again by itself, and no order is lost.",
    ),
    TroubleCause.VAULT_UNAVAILABLE: TroubleText(
        "The connector has a fault at the moment", _NOTHING_TO_DO
    ),
    TroubleCause.SEAL_BROKEN: TroubleText(
        "The connector can no longer reach your webshop or Asperion",
        "Open the app from the AppCenter again, and enter your licence code once more in the "
        "settings. Your orders wait. If that does not help, tell the support desk.",
    ),
    TroubleCause.DOCUMENTS_REFUSED: TroubleText(
        "Asperion refuses one order after another",
        "Something that was chosen for Asperion is probably no longer there, such as the journal "
        "or a VAT code. Look at the held orders: they say what is refused. Then choose again for "
        "Asperion. Your orders wait, and none is lost.",
        connects=True,
    ),
    TroubleCause.CONNECT_AGAIN: TroubleText(
        "Asperion no longer lets the connector in",
        "Connect your webshop with Asperion again: you sign in at Asperion once more, and all your "
        "choices stay as they are. Your orders wait until then, and none is lost.",
        connects=True,
    ),
    TroubleCause.ADMINISTRATION_CLOSED: TroubleText(
        "Asperion does not open your administration to the connector",
        "It may be closed, or your Asperion account may no longer have access to it. See to that "
        "in Asperion, or choose another administration. Your orders wait until then, and none is "
        "lost.",
        connects=True,
    ),
    TroubleCause.LANGUAGE: TroubleText(
        "Your webshop no longer uses the language it was installed with",
        "Open the app from the AppCenter again: it brings your webshop's present language along. "
        "Your orders wait.",
    ),
}
_OTHER = TroubleText(
    "Nothing arrives in Asperion at the moment",
    "We try again every night, and no order is lost. If it goes on, tell the support desk.",
)


def find_trouble_text(cause: TroubleCause) -> TroubleText:
    """The words for a cause, also for one that has none of its own."""
    return _TEXTS.get(cause, _OTHER)
