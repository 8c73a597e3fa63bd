"""Secrets under KMS: each is sealed for its shop and purpose, and nothing else opens it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.adapters.kms import KmsVault
from chalicelib.domain.marks import as_plain
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.errors import SealBroken, VaultUnavailable

pytestmark = pytest.mark.slow

SHOP, OTHER_SHOP = 184520, 184521
TOKEN, LICENCE = SecretKind.TOKEN, SecretKind.LICENCE
CODE = "ASP-2026-4711"
MARKS = "a-secret-of-marks-of-the-tests-only"


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("kms", region_name="eu-central-1")


class Counted:
    """A KMS client that counts its calls, and may refuse them; `refused` maps a key to the code of
    AWS's refusal.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[str] = []
        self.error: Exception | None = None
        self.refused: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        def call(**parameters: Any) -> Any:
            self.calls.append(name)
            if self.error is not None:
                raise self.error
            if code := self.refused.get(parameters["KeyId"]):
                raise refusal(code)
            return getattr(self._client, name)(**parameters)

        return call


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{CODE} is told"}}, "Decrypt")


def new_key(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["Arn"])


class Named:
    """What DATA_KEY names; a process learns of `fresh` only when it reads it again."""

    def __init__(self, *keys: str, fresh: tuple[str, ...] = ()) -> None:
        self.keys = keys
        self.fresh = fresh or keys

    def __call__(self, *, fresh: bool = False) -> tuple[str, ...]:
        return self.fresh if fresh else self.keys


def vault(kms: Any, *keys: str, marks: tuple[str, ...] = (MARKS,)) -> KmsVault:
    return KmsVault(lambda: kms, Named(*keys), lambda: marks)


@pytest.fixture
def key(kms: Any) -> str:
    return new_key(kms)


@pytest.mark.parametrize("what", SecretKind)
def test_what_is_sealed_is_opened_and_rests_nowhere_in_between(
    kms: Any, key: str, what: SecretKind
) -> None:
    sealed = vault(kms, key).seal(SHOP, what, CODE)

    assert vault(kms, key).open(SHOP, what, sealed) == CODE
    assert CODE not in repr(sealed)
    assert CODE not in f"{sealed.mark} {sealed.content} {sealed.shown} {sealed.key}"
    assert sealed.key == key
    assert not sealed.is_plain


def test_of_a_licence_code_its_masked_form_is_shown_and_of_a_token_nothing(
    kms: Any, key: str
) -> None:
    at_work = vault(kms, key)
    assert at_work.seal(SHOP, LICENCE, CODE).shown == "••••••11"
    assert at_work.seal(SHOP, LICENCE, "A-12").shown == "••••••"
    assert at_work.seal(SHOP, TOKEN, "0123456789abcdef").shown == ""


@pytest.mark.parametrize(
    ("shop_id", "what"),
    [(OTHER_SHOP, LICENCE), (SHOP, TOKEN), (OTHER_SHOP, TOKEN)],
)
def test_copied_to_another_shop_or_into_another_place_it_cannot_be_opened(
    kms: Any, key: str, shop_id: int, what: SecretKind
) -> None:
    at_work = vault(kms, key)
    sealed = at_work.seal(SHOP, LICENCE, CODE)

    with pytest.raises(SealBroken, match=f"The {what} of shop {shop_id} cannot be opened") as error:
        at_work.open(shop_id, what, sealed)
    assert CODE not in str(error.value)


def test_a_secret_under_a_key_of_somebody_else_is_not_even_tried(kms: Any, key: str) -> None:
    theirs = vault(kms, new_key(kms)).seal(SHOP, LICENCE, "THEIRS")
    counted = Counted(kms)

    with pytest.raises(SealBroken, match="a key that is none of ours"):
        vault(counted, key).open(SHOP, LICENCE, theirs)
    assert counted.calls == []


@pytest.mark.parametrize("content", ["no base64", base64.b64encode(b"\xff" * 200).decode()])
def test_a_damaged_secret_is_said_to_be_broken(kms: Any, key: str, content: str) -> None:
    sealed = replace(vault(kms, key).seal(SHOP, LICENCE, CODE), content=content)
    with pytest.raises(SealBroken, match="licence of shop 184520"):
        vault(kms, key).open(SHOP, LICENCE, sealed)


def test_a_run_opens_each_secret_once(kms: Any, key: str) -> None:
    sealed = vault(kms, key).seal(SHOP, TOKEN, "0123456789abcdef")
    counted = Counted(kms)
    at_work = vault(counted, key)

    for _ in range(3):
        assert at_work.open(SHOP, TOKEN, sealed) == "0123456789abcdef"
    assert counted.calls == ["decrypt"]


def test_who_sealed_it_need_not_open_it(kms: Any, key: str) -> None:
    """The pages may seal a licence code that they may not open."""
    counted = Counted(kms)
    at_work = vault(counted, key)
    sealed = at_work.seal(SHOP, LICENCE, CODE)
    assert at_work.open(SHOP, LICENCE, sealed) == CODE
    assert counted.calls == ["encrypt"]


def test_the_same_value_is_known_again_however_it_is_sealed(kms: Any, key: str) -> None:
    at_work = vault(kms, key)
    one, again = (at_work.seal(SHOP, LICENCE, CODE) for _ in range(2))

    assert one == again
    assert one.content != again.content
    assert one != at_work.seal(SHOP, LICENCE, "ASP-2026-4712")
    assert at_work.holds(SHOP, LICENCE, one, CODE)
    assert not at_work.holds(SHOP, LICENCE, one, "ASP-2026-4712")


def test_the_mark_of_a_licence_code_is_of_no_use_without_the_secret_of_marks(
    kms: Any, key: str
) -> None:
    """All codes can be tried on a plain hash; and two shops with one code do not show that."""
    at_work, elsewhere = vault(kms, key), vault(kms, key, marks=("another secret",))
    sealed = at_work.seal(SHOP, LICENCE, CODE)
    assert not elsewhere.holds(SHOP, LICENCE, sealed, CODE)
    assert sealed.mark != elsewhere.seal(SHOP, LICENCE, CODE).mark
    assert sealed.mark != at_work.seal(OTHER_SHOP, LICENCE, CODE).mark


def test_a_token_is_known_again_whatever_secrets_were_turned(kms: Any, key: str) -> None:
    one = vault(kms, key).seal(SHOP, TOKEN, "0123456789abcdef")
    turned = vault(kms, new_key(kms), marks=("another secret",))
    assert one == turned.seal(SHOP, TOKEN, "0123456789abcdef")
    assert one == as_plain(TOKEN, "0123456789abcdef")


def test_after_the_data_key_is_turned_the_new_one_seals_and_either_opens(
    kms: Any, key: str
) -> None:
    before, new = vault(kms, key).seal(SHOP, TOKEN, "t"), new_key(kms)
    turned = vault(kms, new, key)
    after = turned.seal(SHOP, TOKEN, "t")

    assert (before.key, after.key) == (key, new)
    fresh = vault(kms, new, key)
    assert {fresh.open(SHOP, TOKEN, one) for one in (before, after)} == {"t"}
    assert not turned.is_current(SHOP, TOKEN, before)
    assert turned.is_current(SHOP, TOKEN, after)


def test_while_aws_does_not_let_the_new_key_be_used_yet_the_former_one_seals(
    kms: Any, key: str
) -> None:
    counted, new = Counted(kms), new_key(kms)
    counted.refused[new] = "AccessDeniedException"

    sealed = vault(counted, new, key).seal(SHOP, TOKEN, "t")

    assert sealed.key == key
    assert not vault(kms, new, key).is_current(SHOP, TOKEN, sealed)


def test_a_licence_code_is_not_current_once_the_secret_of_marks_was_turned(
    kms: Any, key: str
) -> None:
    sealed = vault(kms, key).seal(SHOP, LICENCE, CODE)
    turned = vault(kms, key, marks=("a new secret", MARKS))
    assert not turned.is_current(SHOP, LICENCE, sealed)
    assert turned.holds(SHOP, LICENCE, sealed, CODE)


@pytest.mark.parametrize("by", ["alias", "id"])
def test_a_data_key_may_be_given_by_alias_or_id(kms: Any, key: str, by: str) -> None:
    kms.create_alias(AliasName="alias/shops", TargetKeyId=key)
    at_work = vault(kms, {"alias": "alias/shops", "id": key.rpartition("/")[2]}[by])
    sealed = at_work.seal(SHOP, TOKEN, "t")
    assert sealed.key == key
    assert at_work.is_current(SHOP, TOKEN, sealed)
    assert vault(kms, "alias/shops").open(SHOP, TOKEN, sealed) == "t"


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://kms.example"),
        refusal("ThrottlingException"),
        refusal("KMSInternalException"),
        refusal("DisabledException"),
        refusal("KMSInvalidStateException"),
        refusal("AccessDeniedException"),
    ],
    ids=str,
)
def test_kms_out_of_reach_is_a_passing_trouble_that_tells_nothing(
    kms: Any, key: str, error: Exception
) -> None:
    sealed = vault(kms, key).seal(SHOP, LICENCE, CODE)
    counted = Counted(kms)
    counted.error = error

    with pytest.raises(VaultUnavailable, match="shop 184520 cannot be opened") as opening:
        vault(counted, key).open(SHOP, LICENCE, sealed)
    with pytest.raises(VaultUnavailable, match="shop 184520 cannot be sealed") as sealing:
        vault(counted, key).seal(SHOP, LICENCE, CODE)
    for said in (str(opening.value), str(sealing.value)):
        assert CODE not in said
        assert sealed.content not in said


def test_a_key_that_was_deleted_breaks_the_seal(kms: Any, key: str) -> None:
    sealed = vault(kms, key).seal(SHOP, LICENCE, CODE)
    counted = Counted(kms)
    counted.error = refusal("NotFoundException")
    with pytest.raises(SealBroken, match="brought anew"):
        vault(counted, key).open(SHOP, LICENCE, sealed)


def test_what_another_process_sealed_under_a_new_key_is_opened_before_this_one_knows_the_key(
    kms: Any, key: str
) -> None:
    new = new_key(kms)
    sealed = vault(kms, new, key).seal(SHOP, TOKEN, "t")
    behind = KmsVault(lambda: kms, Named(key, fresh=(new, key)), lambda: (MARKS,))
    assert behind.open(SHOP, TOKEN, sealed) == "t"


def test_what_an_earlier_version_stored_in_plain_is_read_without_kms(kms: Any, key: str) -> None:
    counted = Counted(kms)
    plain = as_plain(LICENCE, CODE)
    at_work = vault(counted, key)
    assert at_work.open(SHOP, LICENCE, plain) == CODE
    assert at_work.holds(SHOP, LICENCE, plain, CODE)
    assert not at_work.is_current(SHOP, LICENCE, plain)
    assert counted.calls == []
    assert CODE not in repr(plain)
    assert isinstance(plain, Sealed)
