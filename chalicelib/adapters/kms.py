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
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.fingerprint import derive_key
from chalicelib.domain.marks import is_mark_of, mark_secret, show_secret
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.errors import SealBroken, SettingsError, VaultUnavailable

log = logging.getLogger(__name__)

MOST_OPENED = 200
"""So many opened secrets a process keeps, in its memory alone: a run opens each of its own once."""

_BROKEN = frozenset({"InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"})


class KmsVault:
    """Port `Vault` on KMS. `kms` gives a boto3 client, and is called at the first use; `data_keys`
    the keys that may be used, by id, ARN or alias, `mark_secrets` the secrets of marks, each with
    the present one first, and asked for at each use.
    """

    def __init__(
        self,
        kms: Callable[[], Any],
        data_keys: Callable[[], tuple[str, ...]],
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
        names = self._list_names()
        for place, name in enumerate(names, start=1):
            try:
                answer = self._client.encrypt(
                    KeyId=name,
                    Plaintext=text.encode(),
                    EncryptionContext=_context_of(shop_id, what),
                )
            except ClientError as error:
                log.warning("a data key cannot seal", extra={"code": _code_of(error)})
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
        if sealed.key not in map(self._find_arn, self._list_names()):
            raise SealBroken(f"{_name(shop_id, what)} is sealed under a key that is none of ours.")
        try:
            answer = self._client.decrypt(
                KeyId=sealed.key,
                CiphertextBlob=base64.b64decode(sealed.content, validate=True),
                EncryptionContext=_context_of(shop_id, what),
            )
            text: str = answer["Plaintext"].decode()
        except (BotoCoreError, ClientError) as error:
            if _code_of(error) in _BROKEN:
                raise SealBroken(
                    f"{_name(shop_id, what)} cannot be opened: {_code_of(error)}. It has to be "
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
        return is_of_present and sealed.key == self._find_arn(self._list_names()[0])

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def _mark_keys(self, shop_id: int) -> list[bytes]:
        return [derive_key(secret, shop_id) for secret in self._mark_secrets()]

    def _list_names(self) -> tuple[str, ...]:
        names = self._data_keys()
        if not names:
            raise SettingsError("Missing setting: DATA_KEY. Set it and start again.")
        return names

    def _find_arn(self, name: str) -> str:
        """The ARN of a key. Raises `VaultUnavailable`."""
        if ":key/" in name:
            return name
        if name not in self._arns:
            try:
                answer = self._client.describe_key(KeyId=name)
            except (BotoCoreError, ClientError) as error:
                raise VaultUnavailable(
                    f"The data key {name} cannot be found: {_code_of(error)}."
                ) from None
            self._arns[name] = answer["KeyMetadata"]["Arn"]
        return self._arns[name]

    def _keep(self, shop_id: int, what: SecretKind, content: str, text: str) -> None:
        self._opened[shop_id, what, content] = text
        if len(self._opened) > MOST_OPENED:
            self._opened.popitem(last=False)


def split_keys(value: str) -> tuple[str, ...]:
    """The data keys that a setting or parameter names: one or two, apart by blanks, line ends or
    commas, the present one first.
    """
    return tuple(value.replace(",", " ").split())


def _context_of(shop_id: int, what: SecretKind) -> dict[str, str]:
    return {"shop": str(shop_id), "what": what.value}


def _name(shop_id: int, what: SecretKind) -> str:
    return f"The {what.value} of shop {shop_id}"


def _code_of(error: BotoCoreError | ClientError) -> str:
    """What AWS calls its refusal, or botocore its failure; never what else the error says."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "refused"))
    return type(error).__name__


def _give_up(
    shop_id: int, what: SecretKind, done: str, error: BotoCoreError | ClientError
) -> NoReturn:
    raise VaultUnavailable(
        f"{_name(shop_id, what)} cannot be {done} at the moment: {_code_of(error)}."
    ) from None
