"""Settings, read once from the environment into a frozen dataclass; never at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

from chalicelib.errors import SettingsError

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

DEFAULT_PROFILE = "reconstructed-1.4"
ORDERS_PER_FILE = 250
PROOF_DELAY = timedelta(minutes=5)
"""How long after the last attempt an absent file counts as never stored: longer than any upload
takes."""

WEBHOOK = frozenset({"SEOSHOP_APP_SECRET", "TABLE_PREFIX"})
"""What the webhook function needs: it has no inbox, no session and no queue."""

EVERYTHING = WEBHOOK | {
    "SEOSHOP_APP_KEY",
    "ASPERION_INBOX_URL",
    "PUBLIC_URL",
    "SESSION_SECRET",
    "EXPORT_QUEUE_URL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings. Secrets are kept out of `repr`.

    `api_urls` maps a cluster (``eu1``, ``us1``) to the API's host, `order_pages` to the address of
    an order in the back office, with ``{order}``, ``{shop}`` or ``{domain}`` in it; `public_url`
    is this app's own address without a trailing slash, the stage path included.
    """

    app_secret: str = field(repr=False)
    table_prefix: str
    app_key: str = field(repr=False, default="")
    session_secret: str = field(repr=False, default="")
    api_urls: Mapping[str, str] = field(default_factory=lambda: API_HOSTS)
    order_pages: Mapping[str, str] = field(default_factory=lambda: ORDER_PAGES)
    inbox_url: str = ""
    public_url: str = ""
    export_queue_url: str = ""
    orders_per_file: int = ORDERS_PER_FILE
    axml_profile: str = DEFAULT_PROFILE
    proof_delay: timedelta = PROOF_DELAY


def read_settings(
    environ: Mapping[str, str],
    *,
    secret: Callable[[str], str] = str,
    needed: frozenset[str] = EVERYTHING,
) -> Settings:
    """Read the variables of `environ`; `secret` turns a parameter's name into its value.

    Raises `SettingsError` naming every needed variable that is missing, or the one that is wrong.
    """
    missing = sorted(name for name in needed if not environ.get(name, "").strip())
    if missing:
        raise SettingsError(f"Missing setting: {', '.join(missing)}. Set it and start again.")

    def read_plain(name: str) -> str:
        return environ.get(name, "").strip()

    def read_secret(name: str) -> str:
        return secret(read_plain(name)) if name in needed else ""

    api_urls = {
        cluster: read_plain(f"SEOSHOP_API_URL_{cluster.upper()}").rstrip("/") or host
        for cluster, host in API_HOSTS.items()
    }
    if "SEOSHOP_APP_KEY" in needed:  # else SEOshop is not called
        for cluster, url in api_urls.items():
            check_api_url(url, f"SEOSHOP_API_URL_{cluster.upper()}")
    if "PUBLIC_URL" in needed:
        check_public_url(read_plain("PUBLIC_URL"))
    return Settings(
        app_key=read_secret("SEOSHOP_APP_KEY"),
        app_secret=read_secret("SEOSHOP_APP_SECRET"),
        session_secret=read_secret("SESSION_SECRET"),
        api_urls=api_urls,
        order_pages={
            cluster: _check_order_page(
                read_plain(name := f"SEOSHOP_ORDER_URL_{cluster.upper()}"), name
            )
            or page
            for cluster, page in ORDER_PAGES.items()
        },
        inbox_url=read_plain("ASPERION_INBOX_URL"),
        public_url=read_plain("PUBLIC_URL").rstrip("/"),
        table_prefix=read_plain("TABLE_PREFIX"),
        export_queue_url=read_plain("EXPORT_QUEUE_URL"),
        orders_per_file=_parse_orders_per_file(read_plain("ORDERS_PER_FILE")),
        axml_profile=read_plain("AXML_PROFILE") or DEFAULT_PROFILE,
        proof_delay=_parse_proof_delay(read_plain("INBOX_PROOF_DELAY")),
    )


def check_api_url(url: str, variable: str) -> None:
    """Raises `SettingsError` naming the variable unless `url` can be SEOshop's API address: the
    token goes there, so https, or plain http to a loopback address.
    """
    if not is_safe_url(url):
        raise SettingsError(f"{variable} {_UNSAFE}")


def check_public_url(url: str) -> None:
    """Raises `SettingsError` unless `url` can be this app's own address, as merchants' browsers and
    SEOshop's webhooks get it.
    """
    if not is_safe_url(url):
        raise SettingsError(f"PUBLIC_URL {_UNSAFE}")


_UNSAFE = (
    "must begin with https:// and have a host, without credentials, query or fragment; plain http "
    "is only for a loopback address."
)


def is_safe_url(url: str) -> bool:
    """Whether a URL keeps its content secret on the way: https, or http to this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: 127.0.0.0/8, ::1, localhost."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_order_page(text: str, name: str) -> str:
    if text and not (text.startswith(("https://", "http://")) and "{order}" in text):
        raise SettingsError(f"{name} must be a web address with {{order}} in it.")
    return text


def _parse_orders_per_file(text: str) -> int:
    if not text:
        return ORDERS_PER_FILE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= ORDERS_PER_FILE:
        raise SettingsError(f"ORDERS_PER_FILE must be a number from 1 to {ORDERS_PER_FILE}.")
    return int(text)


def _parse_proof_delay(text: str) -> timedelta:
    if not text:
        return PROOF_DELAY
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3600:
        raise SettingsError("INBOX_PROOF_DELAY must be a number of seconds from 1 to 3600.")
    return timedelta(seconds=int(text))
