"""What the API says, in Dutch and in English."""

from enum import StrEnum


class Language(StrEnum):
    """The languages of messages and validations."""

    DUTCH = "nl-NL"
    ENGLISH = "en-US"


class Said(StrEnum):
    """One message each; the texts are in the table below."""

    NOT_SIGNED_IN = "not-signed-in"
    NO_ACCESS = "no-access"
    CLOSED = "closed"
    NOT_FOUND = "not-found"
    NO_SUCH_VERB = "no-such-verb"
    NO_JSON = "no-json"
    BAD_JSON = "bad-json"
    INVALID = "invalid"
    TOO_MANY = "too-many"
    TROUBLE = "trouble"
    FINAL = "final"
    REQUIRED = "required"
    NOT_TEXT = "not-text"
    NOT_NUMBER = "not-number"
    NOT_WHOLE = "not-whole"
    TWO_DECIMALS = "two-decimals"
    NOT_DATE = "not-date"
    NOT_BOOLEAN = "not-boolean"
    NOT_EMAIL = "not-email"
    NOT_LINES = "not-lines"
    NO_LINES = "no-lines"
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_DEBTOR = "unknown-debtor"
    BLOCKED_DEBTOR = "blocked-debtor"
    NUMBER_TAKEN = "number-taken"
    NOT_SALES_JOURNAL = "not-sales-journal"
    PURCHASE_CODE = "purchase-code"
    CODE_NOT_VALID = "code-not-valid"
    DISABLED_ACCOUNT = "disabled-account"
    NO_REVENUE = "no-revenue"
    PERIOD_LOCKED = "period-locked"
    OUT_OF_RANGE = "out-of-range"
    TOO_LONG = "too-long"
    NO_FILE = "no-file"


_TEXTS: dict[Said, tuple[str, str]] = {
    Said.NOT_SIGNED_IN: ("U bent niet aangemeld.", "You are not signed in."),
    Said.NO_ACCESS: (
        "U hebt geen toegang tot deze administratie.",
        "You have no access to this administration.",
    ),
    Said.CLOSED: ("Deze administratie is gesloten.", "This administration is closed."),
    Said.NOT_FOUND: ("Niet gevonden.", "Not found."),
    Said.NO_SUCH_VERB: ("Dit kan hier niet.", "This is not possible here."),
    Said.NO_JSON: ("De aanvraag bevat geen JSON.", "The request has no JSON."),
    Said.BAD_JSON: ("De JSON is niet leesbaar.", "The JSON cannot be read."),
    Said.INVALID: (
        "Een of meer velden zijn niet juist ingevuld.",
        "One or more validation errors occurred.",
    ),
    Said.TOO_MANY: ("Te veel aanvragen.", "Too many requests."),
    Said.TROUBLE: ("Er ging iets mis.", "Something went wrong."),
    Said.FINAL: (
        "Een definitieve factuur kan niet worden verwijderd.",
        "An invoice that is final cannot be deleted.",
    ),
    Said.REQUIRED: ("Dit veld is verplicht.", "This field is required."),
    Said.NOT_TEXT: ("De waarde is geen tekst.", "The value is not a text."),
    Said.NOT_NUMBER: ("De waarde is geen getal.", "The value is not a number."),
    Said.NOT_WHOLE: ("De waarde is geen heel getal.", "The value is not a whole number."),
    Said.TWO_DECIMALS: (
        "Een bedrag heeft hooguit twee decimalen.",
        "An amount has two decimals at most.",
    ),
    Said.NOT_DATE: ("De waarde is geen datum.", "The value is not a date."),
    Said.NOT_BOOLEAN: ("De waarde is geen ja of nee.", "The value is not true or false."),
    Said.NOT_EMAIL: ("Het e-mailadres is ongeldig.", "The e-mail address is not valid."),
    Said.NOT_LINES: (
        "De regels staan niet in een lijst _data.",
        "The lines are not in a list _data.",
    ),
    Said.NO_LINES: ("Een factuur heeft minstens één regel.", "An invoice has one line at least."),
    Said.UNKNOWN_VALUE: ("{0} bestaat niet.", "{0} does not exist."),
    Said.UNKNOWN_FIELD: ("Dit veld is onbekend.", "This field is unknown."),
    Said.UNKNOWN_DEBTOR: ("Debiteur {0} bestaat niet.", "Debtor {0} does not exist."),
    Said.BLOCKED_DEBTOR: ("Debiteur {0} is geblokkeerd.", "Debtor {0} is blocked."),
    Said.NUMBER_TAKEN: ("Nummer {0} is al in gebruik.", "Number {0} is taken."),
    Said.NOT_SALES_JOURNAL: (
        "Dagboek {0} is geen verkoopboek.",
        "Journal {0} is not a sales journal.",
    ),
    Said.PURCHASE_CODE: (
        "BTW-code {0} is niet voor verkopen.",
        "VAT code {0} is not for sales.",
    ),
    Said.CODE_NOT_VALID: (
        "BTW-code {0} is op {1} niet geldig.",
        "VAT code {0} is not valid on {1}.",
    ),
    Said.DISABLED_ACCOUNT: (
        "Grootboekrekening {0} is geblokkeerd.",
        "Ledger account {0} is disabled.",
    ),
    Said.NO_REVENUE: (
        "Op grootboekrekening {0} kan niet worden geboekt.",
        "Ledger account {0} takes no entries.",
    ),
    Said.PERIOD_LOCKED: (
        "De periode tot en met {0} is afgesloten.",
        "The period until {0} is locked.",
    ),
    Said.OUT_OF_RANGE: ("De waarde is te groot of te klein.", "The value is out of range."),
    Said.TOO_LONG: ("De tekst is langer dan {0} tekens.", "The text has more than {0} characters."),
    Said.NO_FILE: ("Er is geen bestand in het veld File.", "There is no file in the field File."),
}


def say(said: Said, language: Language, *values: object) -> str:
    """The text of a message with its values filled in."""
    dutch, english = _TEXTS[said]
    text = english if language is Language.ENGLISH else dutch
    return text.format(*values)


def choose_language(header: str) -> Language:
    """The language of an Accept-Language header, by its first tag; Dutch where it names neither."""
    first = header.split(",", 1)[0].split(";", 1)[0].strip().casefold()
    return Language.ENGLISH if first == "en" or first.startswith("en-") else Language.DUTCH
