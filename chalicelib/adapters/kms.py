"""The vault: shops' secrets, sealed and opened by KMS under the data key.

A secret is sealed with what it belongs to as KMS's encryption context: ``{"shop": "184520", "what":
"licence"}``. An item that was copied to another shop, or a token in the place of a licence code,
cannot be opened; and a role may be limited to one kind by ``kms:EncryptionContext:what``.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from typing import Any, NoReturn, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import read_code
from chalicelib.domain.marks import is_mark_of, mark_secret, show_secret
from chalicelib.domain.print_keys import derive_key
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.errors import SealBroken, VaultUnavailable

log = logging.getLogger(__name__)

MOST_OPENED = 200
"""So many opened secrets a process keeps, in its memory alone: a run opens each of its own once."""

_BROKEN = frozenset({"InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"})


class DataKeys(Protocol):
    """Which data keys may be used."""

    def __call__(self, *, fresh: bool = False) -> tuple[str, ...]:
        """By id, ARN or alias, the present one first; with `fresh` as they are this moment."""


class KmsVault:
    """Port `Vault` on KMS. `kms` gives a client, and is called at the first use; `data_keys`
    and `mark_secrets` give the present one first, and are asked at each use.
    """

    def __init__(
        self,
        kms: Callable[[], Any],
        data_keys: DataKeys,
        mark_secrets: Callable[[], tuple[str, ...]],
    ) -> None:
        self._make_client = kms
        self._data_keys = data_keys
        self._mark_secrets = mark_secrets
        self._arns: dict[str, str] = {}
        self._opened: OrderedDict[tuple[int, SecretKind, str], str] = OrderedDict()

    def seal(self, shop_id: int, what: SecretKind, text: str) -> Sealed:
        """See the port. Where the present key cannot be used, such as in the minutes before AWS
        lets our roles use a new one, the former one seals.
        """
        names = self._data_keys()
        for place, name in enumerate(names, start=1):
            try:
                answer = self._client.encrypt(
                    KeyId=name,
                    Plaintext=text.encode(),
                    EncryptionContext=_context_of(shop_id, what),
                )
            except ClientError as error:
                log.warning("a data key cannot seal", extra={"code": read_code(error)})
                if place == len(names):
                    _give_up(shop_id, what, "sealed", error)
            except BotoCoreError as error:
                _give_up(shop_id, what, "sealed", error)
            else:
                break
        content = base64.b64encode(answer["CiphertextBlob"]).decode()
        self._keep(shop_id, what, content, text)
        return Sealed(
            mark=mark_secret(what, text, self._mark_keys(shop_id)[0]),
            content=content,
            key=answer["KeyId"],
            shown=show_secret(what, text),
        )

    def open(self, shop_id: int, what: SecretKind, sealed: Sealed) -> str:
        """See the port."""
        if sealed.is_plain:
            return sealed.content
        kept = self._opened.get((shop_id, what, sealed.content))
        if kept is not None:
            return kept
        if not self._is_ours(sealed.key):
            raise SealBroken(f"{_name(shop_id, what)} is sealed under a key that is none of ours.")
        try:
            answer = self._client.decrypt(
                KeyId=sealed.key,
                CiphertextBlob=base64.b64decode(sealed.content, validate=True),
                EncryptionContext=_context_of(shop_id, what),
            )
            text: str = answer["Plaintext"].decode()
        except (BotoCoreError, ClientError) as error:
            if read_code(error) in _BROKEN:
                raise SealBroken(
                    f"{_name(shop_id, what)} cannot be opened: {read_code(error)}. It has to be "
                    "brought anew."
                ) from None
            _give_up(shop_id, what, "opened", error)
        except (binascii.Error, UnicodeDecodeError):
            raise SealBroken(f"{_name(shop_id, what)} is damaged.") from None
        self._keep(shop_id, what, sealed.content, text)
        return text

    def holds(self, shop_id: int, what: SecretKind, sealed: Sealed, text: str) -> bool:
        """See the port."""
        if sealed.is_plain:
            return sealed.content == text
        return sealed.mark in {mark_secret(what, text, key) for key in self._mark_keys(shop_id)}

    def is_current(self, shop_id: int, what: SecretKind, sealed: Sealed) -> bool:
        """See the port."""
        is_of_present = is_mark_of(what, sealed.mark, self._mark_keys(shop_id)[0])
        return is_of_present and sealed.key == self._find_arn(self._data_keys()[0])

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def _mark_keys(self, shop_id: int) -> list[bytes]:
        return [derive_key(secret, shop_id) for secret in self._mark_secrets()]

    def _is_ours(self, key: str) -> bool:
        """Whether DATA_KEY names a key; another process may have learned of it a little sooner."""
        return any(
            key in map(self._find_arn, self._data_keys(fresh=fresh)) for fresh in (False, True)
        )

    def _find_arn(self, name: str) -> str:
        """The ARN of a key. Raises `VaultUnavailable`."""
        if ":key/" in name:
            return name
        if name not in self._arns:
            try:
                answer = self._client.describe_key(KeyId=name)
            except (BotoCoreError, ClientError) as error:
                raise VaultUnavailable(
                    f"The data key {name} cannot be found: {read_code(error)}."
                ) from None
            self._arns[name] = answer["KeyMetadata"]["Arn"]
        return self._arns[name]

    def _keep(self, shop_id: int, what: SecretKind, content: str, text: str) -> None:
        self._opened[shop_id, what, content] = text
        if len(self._opened) > MOST_OPENED:
            self._opened.popitem(last=False)


def _context_of(shop_id: int, what: SecretKind) -> dict[str, str]:
    return {"shop": str(shop_id), "what": what.value}


def _name(shop_id: int, what: SecretKind) -> str:
    return f"The {what.value} of shop {shop_id}"


def _give_up(
    shop_id: int, what: SecretKind, done: str, error: BotoCoreError | ClientError
) -> NoReturn:
    raise VaultUnavailable(
        f"{_name(shop_id, what)} cannot be {done} at the moment: {read_code(error)}."
    ) from None
