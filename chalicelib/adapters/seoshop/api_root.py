"""The address that all calls of a shop start with."""

from __future__ import annotations

from chalicelib.errors import SettingsError
from chalicelib.settings import is_safe_url


def make_api_root(base_url: str, language: str) -> str:
    """Make the address that all calls of a shop start with. `base_url` must be https, or http to a
    loopback address, without credentials or query; `language` two letters. Raises `SettingsError`.
    """
    if not is_safe_url(base_url):
        raise SettingsError(
            "SEOshop's API address (SEOSHOP_API_URL_…) must begin with https://, without "
            "credentials or a query; plain http is only for a loopback address."
        )
    if not (len(language) == 2 and language.isascii() and language.isalpha()):
        raise SettingsError("The shop's language must be two letters, such as nl.")
    return f"{base_url.rstrip('/')}/{language.lower()}"
