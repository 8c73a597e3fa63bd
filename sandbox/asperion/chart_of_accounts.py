"""Journals, ledger accounts, payment conditions and debtor kinds of an administration."""

from dataclasses import dataclass, field, replace

BALANCE, RESULT = 0, 1
SALES, PURCHASE, BANK, MEMORIAL = "Sales", "Purchase", "Bank", "Memorial"


@dataclass(frozen=True)
class Journal:
    """A journal; only those of type Sales take sales invoices."""

    id: str
    description: str
    type: str


@dataclass(frozen=True)
class LedgerAccount:
    """A ledger account; `type` is BALANCE or RESULT, `vat_code` the one it proposes or None."""

    id: int
    description: str
    type: int = RESULT
    vat_code: str | None = None
    rcsfi: str | None = None
    is_disabled: bool = False


@dataclass(frozen=True)
class PaymentCondition:
    """A payment condition; `days` counts from the invoice date to the day it is due."""

    id: int
    description: str
    days: int = 0


@dataclass(frozen=True)
class DebtorKind:
    """A kind of debtor."""

    id: str
    description: str


JOURNALS = (
    Journal("INK", "Inkoopboek", PURCHASE),
    Journal("VRK", "Verkoopboek", SALES),
    Journal("VWW", "Verkoopboek webwinkel", SALES),
    Journal("BNK", "Bank", BANK),
    Journal("MEM", "Memoriaal", MEMORIAL),
)
LEDGER_ACCOUNTS = (
    LedgerAccount(1100, "Bank", BALANCE),
    LedgerAccount(1300, "Debiteuren", BALANCE),
    LedgerAccount(1500, "Af te dragen BTW", BALANCE),
    LedgerAccount(4000, "Algemene kosten"),
    LedgerAccount(7000, "Inkoopwaarde van de omzet"),
    LedgerAccount(8000, "Omzet hoog", vat_code="1", rcsfi="WOmzNohOlh"),
    LedgerAccount(8001, "Webwinkel hoog", vat_code="1", rcsfi="WOmzNohOlh"),
    LedgerAccount(8005, "Omzet hoog (oud)", vat_code="1A", is_disabled=True),
    LedgerAccount(8010, "Omzet laag", vat_code="2", rcsfi="WOmzNohOll"),
    LedgerAccount(8011, "Webwinkel laag", vat_code="2", rcsfi="WOmzNohOll"),
    LedgerAccount(8020, "Omzet 0 %", vat_code="0", rcsfi="WOmzNohOlg"),
    LedgerAccount(8021, "Webwinkel 0 %", vat_code="0", rcsfi="WOmzNohOlg"),
    LedgerAccount(8030, "Omzet binnen de EU", vat_code="5"),
    LedgerAccount(8031, "Omzet buiten de EU", vat_code="6"),
    LedgerAccount(8040, "Omzet consumenten EU (OSS)"),
    LedgerAccount(8050, "Doorberekende verzendkosten", vat_code="1"),
    LedgerAccount(8060, "Doorberekende betaalkosten", vat_code="1"),
)
PAYMENT_CONDITIONS = (
    PaymentCondition(1, "Op factuur", 14),
    PaymentCondition(2, "Betaling binnen 30 dagen", 30),
    PaymentCondition(3, "Automatische incasso", 7),
    PaymentCondition(4, "IDEAL"),
    PaymentCondition(5, "PAYPAL"),
    PaymentCondition(6, "CREDITCARD"),
    PaymentCondition(7, "BANCONTACT"),
    PaymentCondition(8, "KLARNA"),
    PaymentCondition(9, "OVERBOEKING"),
)
DEBTOR_KINDS = (
    DebtorKind("WEB", "Webwinkelklanten"),
    DebtorKind("PAR", "Particulieren"),
    DebtorKind("ZAK", "Zakelijke klanten"),
)


@dataclass
class Chart:
    """These lists for one administration. Not locked: the administration does that."""

    journals: list[Journal] = field(default_factory=lambda: list(JOURNALS))
    accounts: dict[int, LedgerAccount] = field(
        default_factory=lambda: {account.id: account for account in LEDGER_ACCOUNTS}
    )
    conditions: list[PaymentCondition] = field(default_factory=lambda: list(PAYMENT_CONDITIONS))
    debtor_kinds: list[DebtorKind] = field(default_factory=lambda: list(DEBTOR_KINDS))

    def journal(self, journal_id: str) -> Journal | None:
        """One journal by its id."""
        return next((each for each in self.journals if each.id == journal_id), None)

    def find_journal(self, description: str) -> Journal | None:
        """One journal by its description."""
        return next((each for each in self.journals if each.description == description), None)

    def find_account(self, sales_type: str) -> int | None:
        """The account of a sales type, written as its number and description; None for none."""
        number = sales_type.split(" ", 1)[0]
        return int(number) if number.isdigit() and int(number) in self.accounts else None

    def condition(self, condition_id: int) -> PaymentCondition | None:
        """One payment condition by its id."""
        return next((each for each in self.conditions if each.id == condition_id), None)

    def find_condition(self, description: str) -> PaymentCondition | None:
        """One payment condition by its description, in any capitals."""
        wanted = description.casefold()
        return next((c for c in self.conditions if c.description.casefold() == wanted), None)

    def debtor_kind(self, kind_id: str) -> DebtorKind | None:
        """One kind of debtor by its id."""
        return next((each for each in self.debtor_kinds if each.id == kind_id), None)

    def find_debtor_kind(self, description: str) -> DebtorKind | None:
        """One kind of debtor by its description."""
        found = (each for each in self.debtor_kinds if each.description == description)
        return next(found, None)

    def disable_account(self, account_id: int, *, is_disabled: bool = True) -> bool:
        """Disable an account, or enable it again; False if there is no such account."""
        account = self.accounts.get(account_id)
        if account is None:
            return False
        self.accounts[account_id] = replace(account, is_disabled=is_disabled)
        return True
