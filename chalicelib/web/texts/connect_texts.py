"""The words of the pages on which a shop is connected with Asperion."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.fitting_codes import Sureness
from chalicelib.domain.policy import VatClass
from chalicelib.usecases.operating.trying_in_asperion import AskedResult
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.state_labels import Label, Tone

STANDING_NONE = msgid(
    "Not connected: every night a file is put ready, which you let Asperion read. Connect, and "
    "your orders are there by themselves."
)
STANDING_SETUP = msgid(
    "Being set up: go on at step %(number)s. Until you turn it on, files are made as before."
)
STANDING_OFF = msgid(
    "Turned off: every night a file is put ready, which you let Asperion read. The connection and "
    "your choices are kept."
)
STANDING_ON = msgid("Since %(day)s your orders go straight into %(name)s.")
STANDING_AGAIN = msgid("Asperion takes the connection no longer: connect again.")
STANDING_AGAIN_ON = msgid(
    "Asperion takes the connection no longer: connect again. Until then your orders wait."
)
STANDING_NOT_OFFERED = msgid("This installation offers it no longer: your orders wait.")
"""How the connection stands, in one sentence."""

OBSTACLES: Msgids[ConnectObstacle] = {
    ConnectObstacle.NOT_INSTALLED: "The connector is not installed in this webshop.",
    ConnectObstacle.NOT_BEGUN: (
        "You did not come back from Asperion by a way that began here. Nothing was changed. Begin "
        "once more."
    ),
    ConnectObstacle.OTHER_SESSION: (
        "You began in another browser, or have signed in again since. Nothing was changed. Begin "
        "once more, and stay in this browser."
    ),
    ConnectObstacle.TOO_LATE: (
        "Signing in at Asperion took longer than a quarter of an hour. Nothing was changed. Begin "
        "once more."
    ),
    ConnectObstacle.USED: (
        "This page was loaded a second time. What it did the first time counts: see below how the "
        "connection stands."
    ),
    ConnectObstacle.DENIED: (
        "You gave no consent in Asperion, so there is no connection. Nothing was changed."
    ),
    ConnectObstacle.NO_CODE: (
        "Asperion did not let you in, and did not say why. Nothing was changed. Try again later."
    ),
    ConnectObstacle.CODE_REFUSED: (
        "Asperion took back what it had just granted. Nothing was changed. Begin once more."
    ),
    ConnectObstacle.NO_ADMINISTRATION: (
        "Your account at Asperion opens no administration. Ask your bookkeeper for access, then "
        "begin once more."
    ),
    ConnectObstacle.OTHER_ACCOUNT: (
        "This account at Asperion does not open the administration that your webshop is connected "
        "with. Nothing was changed. Sign in with the account that does, or disconnect first."
    ),
    ConnectObstacle.NOT_CONNECTED: "The connection was ended in the meantime. Nothing was changed.",
    ConnectObstacle.UNKNOWN_ADMINISTRATION: "Choose one of these administrations.",
    ConnectObstacle.STALE: (
        "The connection was changed since you opened this page, maybe in another tab. Nothing was "
        "changed now. Look at it again, then go on."
    ),
    ConnectObstacle.NO_CHOICES: "Confirm first how invoices are booked.",
    ConnectObstacle.NO_LICENCE: (
        "For files you need a licence code of Asperion, and there is none. Enter it first."
    ),
    ConnectObstacle.TOO_OFTEN: (
        "That was changed so often today that it is no longer possible. Try again tomorrow, or ask "
        "the support desk."
    ),
}
RUN_AT_WORK = msgid(
    "The connector is at work at this moment, so nothing was changed. Please try again in a few "
    "minutes."
)
CHOOSE_ADMINISTRATION = msgid("Choose one of these administrations.")

CHOOSE = msgid("Choose …")
LATER = msgid("Choose later, when it occurs")
AS_ASPERION_DOES = msgid("Let Asperion choose")
AS_THE_OTHERS = msgid("As the others")
"""What picking nothing from a list means."""

MARKS: Mapping[Sureness, Label] = {
    Sureness.CONFIRMED: Label("Your choice", Tone.GOOD),
    Sureness.CERTAIN: Label("Certain", Tone.GOOD),
    Sureness.GUESSED: Label("Please check", Tone.WARN),
    Sureness.NOTHING: Label("To be chosen", Tone.WARN),
}
OPTIONAL = Label("Not needed now", Tone.QUIET)
"""How sure a proposal is."""

JOURNAL_TITLE = msgid("Sales journal in Asperion")
KIND_TITLE = msgid("Kind of debtor for new customers")
CONDITION_TITLE = msgid("Payment condition")
CONDITION_OF_METHOD_TITLE = msgid("Payment condition, paid by %(method)s")
ACCOUNT_TITLE = msgid("Ledger account")
ACCOUNT_TITLES: Msgids[VatClass] = {
    VatClass.HIGH: "Sales with high VAT",
    VatClass.LOW: "Sales with low VAT",
    VatClass.NONE: "Sales without VAT",
}

PICK_ONE = msgid("Choose one from the list.")
NO_CODE = msgid("Choose a VAT code: this VAT occurs in your orders.")
NO_ARTICLES = msgid("Give the article codes that go to this account.")
TWICE = msgid("One of these articles is in another group already.")
TOO_MANY_ARTICLES = msgid("These are more articles, or longer codes, than can be kept.")
CHOICE_PROBLEMS: Msgids[ProblemKind] = {
    ProblemKind.JOURNAL_MISSING: "Choose a journal.",
    ProblemKind.JOURNAL_GONE: "This journal is no longer in Asperion. Choose another one.",
    ProblemKind.JOURNAL_OTHER_TYPE: "This is no journal of sales. Is it right?",
    ProblemKind.CONDITION_GONE: (
        "This payment condition is no longer in Asperion. Choose another one."
    ),
    ProblemKind.CODE_GONE: "This VAT code is no longer in Asperion. Choose another one.",
    ProblemKind.CODE_OF_PURCHASES: "This VAT code is for purchases. Choose one for sales.",
    ProblemKind.CODE_ENDED: "This VAT code counts no longer. Choose another one.",
    ProblemKind.CODE_NOT_BEGUN: "This VAT code does not count yet. Choose another one.",
    ProblemKind.CODE_OTHER_RATE: "This VAT code has another percentage. Is it right?",
    ProblemKind.CODE_OTHER_COUNTRY: "This VAT code is of another country. Is it right?",
    ProblemKind.ACCOUNT_MISSING: "Choose a ledger account.",
    ProblemKind.ACCOUNT_GONE: "This ledger account is no longer in Asperion. Choose another one.",
    ProblemKind.ACCOUNT_DISABLED: "This ledger account is closed in Asperion. Choose another one.",
}

RESULTS: Mapping[AskedResult, Label] = {
    AskedResult.FINE: Label("Fine", Tone.GOOD),
    AskedResult.REFUSED: Label("Refused", Tone.WARN),
    AskedResult.HELD: Label("Would be held", Tone.WARN),
    AskedResult.NOTHING: Label("Left out", Tone.QUIET),
    AskedResult.NOT_ASKED: Label("Not tried", Tone.QUIET),
}
NOTHING_TO_BOOK = msgid("Left out, because %(why)s.")
ABOUT = msgid("It is about: %(what)s")
NOT_ASKED = msgid("There was no time to ask Asperion.")
