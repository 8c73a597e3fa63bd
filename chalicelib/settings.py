"""Settings, read once from the environment into a frozen dataclass; never at import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from chalicelib.asperion_guesses import AsperionGuesses, read_guesses
from chalicelib.errors import SettingsError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.safe_urls import check_url
from chalicelib.setting_values import (
    read_days,
    read_mail_address,
    read_number,
    read_order_page,
    read_pattern,
    read_price,
    read_seconds,
    read_web_address,
)

API_HOSTS = MappingProxyType(
    {"eu1": "https://api.webshopapp.com", "us1": "https://api.shoplightspeed.com"}
)
ORDER_PAGES = MappingProxyType(
    {
        "eu1": "https://{domain}.webshopapp.com/admin/orders/{order}",
        "us1": "https://{domain}.shoplightspeed.com/admin/orders/{order}",
    }
)
"""Where a merchant finds an order in the shop's back office. A guess: not documented as a promise,
but seen in use, and ``/admin`` is where Lightspeed's help sends merchants; hence a setting."""

APP_CENTERS = MappingProxyType(
    {
        "eu1": "https://{domain}.webshopapp.com/admin",
        "us1": "https://{domain}.shoplightspeed.com/admin",
    }
)
"""Where a merchant opens the app: the back office, as Lightspeed's help gives it, with the
AppCenter under "Apps". That page's own address is documented nowhere."""

ASPERION_API_URL = "https://api.asperion.nl"
ASPERION_IDENTITY_URL = "https://identity.asperion.nl"
VIES_URL = "https://ec.europa.eu/taxation_customs/vies/rest-api"
"""The European Commission's register of VAT numbers."""

DEFAULT_PROFILE = "reconstructed-1.4"
FIRST_BEHAVIOUR = "1"
ORDERS_PER_FILE = 250
ASPERION_PACE = 4
"""Calls a second to Asperion's API at most, of one run or page. Its own limits are not known."""

PROOF_DELAY = timedelta(minutes=5)
"""How long after the last attempt an absent file counts as never stored: longer than any upload
takes."""

RUN_LEASE = timedelta(minutes=5)
"""How long a run has its shop to itself without a sign of life; one that works renews it."""

KEEP_AUDIT = timedelta(days=2557)
"""How long numbers, dates and states are kept after their last change: seven years, as
Dutch tax law asks of books."""

KEEP_AFTER_LEAVING = timedelta(days=90)
"""How long all else is kept beside a shop that left."""

KEEP_BACKUPS = timedelta(days=14)
"""How far back the tables can be restored; for so long what was erased is still in their backup."""

SECRETS_AGE = timedelta(minutes=2)
"""How old a secret that was read from SSM may become before it is read again."""

OLDEST_SECRET = timedelta(minutes=5)

LONGEST_WINDOW = 14_400
"""Seconds over which a night's shops may be spread at most."""

SENDERS = frozenset({"EXPORT_QUEUE_URL"})
"""What the functions need that only start a night: no table, and no secret at all."""

REPORT = SENDERS | {"STACK_NAME", "ALARM_TOPIC"}
"""What the morning's report needs."""

ALARM_SHOPS = 5
"""When more shops than these have the same trouble at once, an alarm rings."""

LONGEST_TRIAL = 366
_CLIENT_ID = r"[!-~]{1,200}"

WEBHOOK = frozenset({"SEOSHOP_APP_SECRET", "TABLE_PREFIX"})
"""What the webhook function needs: it has no inbox, no session and no queue."""

EVERYTHING = (
    WEBHOOK
    | SENDERS
    | {
        "SEOSHOP_APP_KEY",
        "ASPERION_INBOX_URL",
        "PUBLIC_URL",
        "SESSION_SECRET",
        "DATA_KEY",
    }
)

OF_CLIENT = frozenset({"ASPERION_CLIENT_SECRET"})
"""What is needed besides where Asperion gave a client id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings. Its secrets are apart: see `ports.Secrets`. `behaviour` is the
    version of the rules that shops begin on.

    `api_urls` maps a cluster (``eu1``, ``us1``) to the API's host, `order_pages` to the address of
    an order in the back office, with ``{order}``, ``{shop}`` or ``{domain}`` in it, `app_centers`
    to where a merchant opens the app, maybe with ``{domain}``; `public_url` is this app's own
    address without a trailing slash, the stage path included. `vies_url` is where VAT numbers are
    asked for, see `adapters.vies`. `asperion_api_url` and `asperion_identity_url` are the second
    way into Asperion, offered where there is an `asperion_client_id`; `asperion_pace` is how many
    calls a second are made there at most, `asperion_guesses` how what is not known of it is taken.
    `night_window` is over how many seconds the shops of a night are spread.
    `mail_from` sends mail to the shops'
    contacts (empty: none is sent), `support_address` is whom merchants can
    ask. `trial_days` is how many days are free after the installation, `monthly_price` what a month
    costs after that, in euro without VAT: 0 and None where nothing is said of them.
    `stack_name` is the stack's name, `alarm_topic` the ARN of the topic that carries its alarms,
    `alarm_shops` how many shops may have the same trouble before one rings.
    """

    table_prefix: str
    api_urls: Mapping[str, str] = field(default_factory=lambda: API_HOSTS)
    order_pages: Mapping[str, str] = field(default_factory=lambda: ORDER_PAGES)
    app_centers: Mapping[str, str] = field(default_factory=lambda: APP_CENTERS)
    inbox_url: str = ""
    public_url: str = ""
    export_queue_url: str = ""
    orders_per_file: int = ORDERS_PER_FILE
    axml_profile: str = DEFAULT_PROFILE
    behaviour: str = FIRST_BEHAVIOUR
    proof_delay: timedelta = PROOF_DELAY
    run_lease: timedelta = RUN_LEASE
    keep_audit: timedelta = KEEP_AUDIT
    keep_after_leaving: timedelta = KEEP_AFTER_LEAVING
    keep_backups: timedelta = KEEP_BACKUPS
    secrets_age: timedelta = SECRETS_AGE
    vies_url: str = VIES_URL
    asperion_api_url: str = ASPERION_API_URL
    asperion_identity_url: str = ASPERION_IDENTITY_URL
    asperion_client_id: str = ""
    asperion_pace: int = ASPERION_PACE
    asperion_guesses: AsperionGuesses = field(default_factory=AsperionGuesses)
    mail_from: str = ""
    support_address: str = ""
    night_window: int = 0
    trial_days: int = 0
    monthly_price: Decimal | None = None
    stack_name: str = ""
    alarm_topic: str = ""
    alarm_shops: int = ALARM_SHOPS


def read_settings(environ: Mapping[str, str], *, needed: frozenset[str] = EVERYTHING) -> Settings:
    """Read the variables of `environ`. Those of secrets have to be there, and are not read.

    Raises `SettingsError` naming every needed variable that is missing, or the one that is wrong.
    """
    given = defaultdict(str, {name: value.strip() for name, value in environ.items()})
    if "SEOSHOP_APP_KEY" in needed and given["ASPERION_CLIENT_ID"]:
        needed |= OF_CLIENT
    missing = sorted(name for name in needed if not given[name])
    if missing:
        raise SettingsError(f"Missing setting: {', '.join(missing)}. Set it and start again.")

    api_urls = {
        cluster: given[f"SEOSHOP_API_URL_{cluster.upper()}"].rstrip("/") or host
        for cluster, host in API_HOSTS.items()
    }
    vies_url = given["VIES_URL"].rstrip("/") or VIES_URL
    if "SEOSHOP_APP_KEY" in needed:  # else neither SEOshop nor VIES is called
        for cluster, url in api_urls.items():
            check_url(url, f"SEOSHOP_API_URL_{cluster.upper()}")
        check_url(vies_url, "VIES_URL")
        for name in ("ASPERION_API_URL", "ASPERION_IDENTITY_URL"):
            if given[name]:
                check_url(given[name], name)
    if "PUBLIC_URL" in needed:
        check_url(given["PUBLIC_URL"], "PUBLIC_URL")
    return Settings(
        api_urls=api_urls,
        order_pages={
            cluster: read_order_page(given, f"SEOSHOP_ORDER_URL_{cluster.upper()}") or page
            for cluster, page in ORDER_PAGES.items()
        },
        app_centers={
            cluster: read_web_address(given, f"SEOSHOP_APPS_URL_{cluster.upper()}") or page
            for cluster, page in APP_CENTERS.items()
        },
        inbox_url=given["ASPERION_INBOX_URL"],
        public_url=given["PUBLIC_URL"].rstrip("/"),
        table_prefix=given["TABLE_PREFIX"],
        export_queue_url=given["EXPORT_QUEUE_URL"],
        orders_per_file=read_number(given, "ORDERS_PER_FILE", ORDERS_PER_FILE, ORDERS_PER_FILE),
        axml_profile=given["AXML_PROFILE"] or DEFAULT_PROFILE,
        behaviour=given["BEHAVIOUR"] or FIRST_BEHAVIOUR,
        proof_delay=read_seconds(given, "INBOX_PROOF_DELAY", PROOF_DELAY),
        run_lease=read_seconds(given, "RUN_LEASE", RUN_LEASE),
        keep_audit=read_days(given, "KEEP_AUDIT_DAYS", KEEP_AUDIT, 366, 36500),
        keep_after_leaving=read_days(given, "KEEP_AFTER_LEAVING_DAYS", KEEP_AFTER_LEAVING, 1, 3650),
        keep_backups=read_days(given, "BACKUP_DAYS", KEEP_BACKUPS, 1, 35),
        secrets_age=read_seconds(given, "SECRETS_AGE", SECRETS_AGE, OLDEST_SECRET.seconds),
        vies_url=vies_url,
        asperion_api_url=given["ASPERION_API_URL"].rstrip("/") or ASPERION_API_URL,
        asperion_identity_url=given["ASPERION_IDENTITY_URL"].rstrip("/") or ASPERION_IDENTITY_URL,
        asperion_client_id=read_pattern(given, "ASPERION_CLIENT_ID", _CLIENT_ID, "", "my-client"),
        asperion_pace=read_number(given, "ASPERION_PACE", ASPERION_PACE, 100, " of calls"),
        asperion_guesses=read_guesses(given),
        mail_from=read_mail_address(given, "MAIL_FROM"),
        support_address=read_mail_address(given, "SUPPORT_ADDRESS"),
        night_window=read_number(given, "NIGHT_WINDOW", 0, LONGEST_WINDOW, " of seconds", least=0),
        stack_name=given["STACK_NAME"],
        alarm_topic=given["ALARM_TOPIC"],
        alarm_shops=read_number(given, "ALARM_SHOPS", ALARM_SHOPS, 10_000, " of shops"),
        trial_days=read_number(given, "TRIAL_DAYS", 0, LONGEST_TRIAL, " of days", least=0),
        monthly_price=read_price(given, "MONTHLY_PRICE"),
    )
