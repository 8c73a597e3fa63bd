"""The rows of "Import orders (xml)" and the settings behind their button Instellingen."""

from dataclasses import dataclass

from sandbox.asperion.vat_classes import FOREIGN, HIGH, LOW, NONE, UNKNOWN

READ, SYNCHRONISE = "Inlezen", "Synchroniseren"
ASPERION, WEBWINKELFACTUREN = "asperion", "webwinkelfacturen"


@dataclass(frozen=True)
class ImportRow:
    """One import format of figure 4: its key in addresses, its name, its second button."""

    key: str
    name: str
    action: str


ROWS = (
    ImportRow(ASPERION, "Asperion", READ),
    ImportRow("shop2date", "Shop2Date (DataBecker)", READ),
    ImportRow("mijnwebwinkel", "Mijnwebwinkel.nl", SYNCHRONISE),
    ImportRow("mijnwinkel", "MijnWinkel", SYNCHRONISE),
    ImportRow("rightclick", "RightClick", SYNCHRONISE),
    ImportRow("oscommerce", "OsCommerce", SYNCHRONISE),
    ImportRow("iceshop", "ICEShop", SYNCHRONISE),
    ImportRow("quickoffice", "QuickOffice", SYNCHRONISE),
    ImportRow("bratpack", "Bratpack", SYNCHRONISE),
    ImportRow(WEBWINKELFACTUREN, "Webwinkelfacturen.nl", SYNCHRONISE),
)
ROWS_BY_KEY = {row.key: row for row in ROWS}


@dataclass(frozen=True)
class ImportSettings:
    """What import does with an order beyond what its file says; names of the administration."""

    debtor_kind: str = "Webwinkelklanten"
    sales_high: str = "8000 Omzet hoog"
    sales_low: str = "8010 Omzet laag"
    sales_none: str = "8020 Omzet 0 %"
    journal: str = "Verkoopboek webwinkel"
    invoice_layout: str = "Standaard factuur"
    email_layout: str = "Standaard e-mail"

    def sales_type(self, vat_class: str) -> str:
        """The sales type for lines of a VAT class; empty where a person has to choose."""
        by_class = {HIGH: self.sales_high, LOW: self.sales_low, NONE: self.sales_none}
        return by_class.get(vat_class, "")


CLASS_LABELS = {
    HIGH: "Hoog",
    LOW: "Laag",
    NONE: "Geen",
    FOREIGN: "Buitenland",
    UNKNOWN: "Onbekend",
}


@dataclass(frozen=True)
class SettingField:
    """One control of the settings form: attribute of ImportSettings, label, help and choices."""

    name: str
    label: str
    help: str
    choices: tuple[str, ...]


FIELDS = (
    SettingField(
        "debtor_kind",
        "Debiteursoort",
        "Soort van debiteuren die bij het importeren worden aangemaakt.",
        ("Webwinkelklanten", "Particulieren", "Zakelijke klanten"),
    ),
    SettingField(
        "sales_high",
        "Verkopen BTW Hoog",
        "Verkoopsoort voor orderregels met het hoge tarief.",
        ("8000 Omzet hoog", "8001 Webwinkel hoog"),
    ),
    SettingField(
        "sales_low",
        "Verkopen BTW Laag",
        "Verkoopsoort voor orderregels met het lage tarief.",
        ("8010 Omzet laag", "8011 Webwinkel laag"),
    ),
    SettingField(
        "sales_none",
        "Verkopen BTW 0 %",
        "Verkoopsoort voor orderregels zonder btw.",
        ("8020 Omzet 0 %", "8021 Webwinkel 0 %"),
    ),
    SettingField(
        "journal",
        "Dagboek",
        "Dagboek waarin de nieuwe facturen komen.",
        ("Verkoopboek webwinkel", "Verkoopboek"),
    ),
    SettingField(
        "invoice_layout",
        "Factuur Layout",
        "Opmaak van de factuur als pdf.",
        ("Standaard factuur", "Factuur webwinkel"),
    ),
    SettingField(
        "email_layout",
        "Email Layout",
        "Opmaak van de e-mail waarmee u een factuur verstuurt.",
        ("Standaard e-mail", "E-mail webwinkel"),
    ),
)
