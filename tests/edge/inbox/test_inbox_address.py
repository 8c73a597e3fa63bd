"""The setting that says where files go."""

from __future__ import annotations

import pytest

from chalicelib.adapters.inbox import check_inbox_url, open_inbox
from chalicelib.adapters.inbox.inbox_address import make_inbox_address
from chalicelib.errors import LicenceError, SettingsError


@pytest.mark.parametrize(
    "url",
    [
        "https://inbox.example/{licence}/{file}",
        "https://inbox.example:8443/drop/{licence}/orders-{file}?v=1",
        "http://127.0.0.1:8000/{licence}/{file}",
        "http://127.8.9.1/{licence}/{file}",
        "http://[::1]:8000/{licence}/{file}",
        "http://localhost/{licence}/{file}",
        "s3://bucket/{licence}/{file}",
        "s3://bucket.name/inbox/{licence}/{file}",
    ],
)
def test_an_inbox_can_be_at(url: str) -> None:
    check_inbox_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "inbox.example/{licence}/{file}",
        "http://inbox.example/{licence}/{file}",
        "http://localhost.example/{licence}/{file}",
        "http://127.0.0.1.example/{licence}/{file}",
        "http://0.0.0.0/{licence}/{file}",
        "ftp://inbox.example/{licence}/{file}",
        "file:///{licence}/{file}",
        "https:///{licence}/{file}",
        "https://inbox.example/{licence}",
        "https://inbox.example/{file}",
        "https://inbox.example/",
        "https://{licence}.example/{licence}/{file}",
        "https://inbox.example/{file}?code={licence}",
        "https://inbox.example/{licence}/{file}?again={file}",
        "https://inbox.example/{licence}/{file}/{shop}",
        "https://inbox.example/{licence}/{file}}",
        "https://inbox.example/{licence}/{file}#part",
        "https://inbox.example:port/{licence}/{file}",
        "https://[inbox/{licence}/{file}",
        " https://inbox.example/{licence}/{file}",
        "s3://{licence}/{file}",
        "s3:///{licence}/{file}",
        "s3://key:secret@bucket/{licence}/{file}",
        "s3://bucket/{licence}/{file}?x=1",
    ],
)
def test_an_inbox_cannot_be_at(url: str) -> None:
    with pytest.raises(SettingsError, match="ASPERION_INBOX_URL"):
        check_inbox_url(url)


@pytest.mark.parametrize("licence", ["", "..", "a/b", "a\\b", "a\x00b", "a%2Fb"])
@pytest.mark.parametrize("scheme", ["https", "s3"])
def test_a_licence_code_that_could_change_an_address_never_reaches_one(
    licence: str, scheme: str
) -> None:
    with pytest.raises(LicenceError):
        open_inbox(f"{scheme}://inbox/{{licence}}/{{file}}", licence)


def test_a_file_name_cannot_change_an_address_either() -> None:
    address = make_inbox_address("https://inbox.example/{licence}/{file}", "L1")
    assert address.url("../x") == "https://inbox.example/L1/..%2Fx"
    for nothing in ("", ".", ".."):
        with pytest.raises(ValueError, match="name"):
            address.url(nothing)
