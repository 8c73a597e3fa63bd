"""Marks by which two secrets are told apart while both stay sealed."""

from __future__ import annotations

import hashlib
import hmac

from chalicelib.domain.fingerprint import key_id
from chalicelib.domain.licence import mask_licence
from chalicelib.domain.sealed import Sealed, SecretKind

_LENGTH = 32  # hex characters, 128 bits


def mark_secret(what: SecretKind, text: str, key: bytes) -> str:
    """The mark of a secret: equal for equal texts. That of a random one is a hash, and the same for
    ever; that of another, which all codes could be tried on, is keyed, with the key's id in front.
    """
    content = f"{what}/{text}".encode()
    if what.is_random:
        return hashlib.sha256(content).hexdigest()[:_LENGTH]
    return f"{key_id(key)}.{hmac.digest(key, content, 'sha256').hex()[:_LENGTH]}"


def is_mark_of(what: SecretKind, mark: str, key: bytes) -> bool:
    """Whether a mark is one that this key makes."""
    return what.is_random or mark.partition(".")[0] == key_id(key)


def show_secret(what: SecretKind, text: str) -> str:
    """What pages may show of a secret: of a licence code its masked form, else nothing."""
    return mask_licence(text) if what is SecretKind.LICENCE else ""


def as_plain(what: SecretKind, text: str) -> Sealed:
    """A secret as versions before 1.3.0 stored it. Its mark is made at reading, and never stored:
    that of a licence code differs from what it is marked with once it is sealed.
    """
    mark = hashlib.sha256(f"{what}/{text}".encode()).hexdigest()[:_LENGTH]
    return Sealed(mark=mark, content=text, shown=show_secret(what, text))
