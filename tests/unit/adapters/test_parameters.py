"""Secrets by name: a value with a slash in front is looked up, any other is the secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from chalicelib.adapters.parameters import forget_secrets, read_secret
from chalicelib.errors import SettingsError

NAME = "/connector/prod/app-secret"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget_secrets()
    yield
    forget_secrets()


class Ssm:
    """An SSM client that knows some parameters."""

    def __init__(self, **answers: str | Exception) -> None:
        self.answers = answers
        self.asked: list[dict[str, Any]] = []

    def get_parameter(self, **question: Any) -> dict[str, Any]:
        self.asked.append(question)
        answer = self.answers["parameter"]
        if isinstance(answer, Exception):
            raise answer
        return {"Parameter": {"Value": answer}}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "x"}}, "GetParameter")


def test_a_plain_value_is_the_secret_itself() -> None:
    def no_client() -> Any:
        raise AssertionError("nothing to look up")

    assert read_secret("s3cret", ssm=no_client) == "s3cret"


def test_a_name_is_read_decrypted_and_once() -> None:
    ssm = Ssm(parameter="s3cret\n")
    assert [read_secret(NAME, ssm=lambda: ssm) for _ in range(2)] == ["s3cret", "s3cret"]
    assert ssm.asked == [{"Name": NAME, "WithDecryption": True}]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refusal("ParameterNotFound"), "does not exist"),
        (refusal("AccessDeniedException"), "AccessDeniedException"),
        (NoCredentialsError(), "NoCredentialsError"),
        ("  ", "is empty"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(answer: str | Exception, message: str) -> None:
    with pytest.raises(SettingsError, match=f"{NAME}.*{message}"):
        read_secret(NAME, ssm=lambda: Ssm(parameter=answer))


def test_a_failure_is_not_remembered() -> None:
    with pytest.raises(SettingsError):
        read_secret(NAME, ssm=lambda: Ssm(parameter=refusal("ParameterNotFound")))
    assert read_secret(NAME, ssm=lambda: Ssm(parameter="now there")) == "now there"
