"""What a merchant reads about what keeps files from arriving in Asperion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.shops import TroubleCause
from chalicelib.web.texts.localisation import msgid


@dataclass(frozen=True, slots=True)
class TroubleText:
    """What is the matter and what to do; `checks_licence`: the settings' first field helps."""

    title: str
    cure: str
    checks_licence: bool = False


_CHECK_LICENCE = msgid(
    "Mostly the licence code is not right, or no longer valid. Check the licence code; your "
    "orders are kept and go along in the next run."
)

_NOTHING_TO_DO = msgid("You need not do anything: every run tries again, and no order is lost.")

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
        "For more than a day no run has got to its end",
        "Your webshop allows the connector too little for all that is to be done. It goes on by "
        "itself, and no order is lost. If it lasts, tell the support desk.",
    ),
    TroubleCause.SHOP_FORBIDDEN: TroubleText(
        "The connector lacks a permission in your webshop",
        "Open the app from the AppCenter and allow what it asks for. If that does not help, "
        "remove the app and install it anew; your orders wait.",
    ),
    TroubleCause.SHOP_UNAUTHORISED: TroubleText(
        "Your webshop no longer lets the connector in",
        "Open the app from the AppCenter again. If that does not help, remove the app and install "
        "it anew; your orders wait.",
    ),
    TroubleCause.UNPROVEN: TroubleText(
        "SEOshop does not let the connector in at the moment",
        "It is not clear yet whether that is about your webshop or about the connector itself. You "
        "need not do anything: it is tried again by itself, and no order is lost.",
    ),
    TroubleCause.APP_REFUSED: TroubleText(
        "SEOshop does not let the connector itself in at the moment",
        "It is not about your webshop, and you need not do anything. We are working on it; every "
        "run tries again, and no order is lost.",
    ),
    TroubleCause.LANGUAGE: TroubleText(
        "Your webshop no longer uses the language it was installed with",
        "Open the app from the AppCenter again: it brings your webshop's present language along. "
        "Your orders wait.",
    ),
}
_OTHER = TroubleText(
    "No file arrives in Asperion at the moment",
    "Every run tries again, and no order is lost. If it lasts, tell the support desk.",
)


def find_trouble_text(cause: TroubleCause) -> TroubleText:
    """The words for a cause, also for one that has none of its own."""
    return _TEXTS.get(cause, _OTHER)
