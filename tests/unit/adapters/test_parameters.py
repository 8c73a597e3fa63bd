"""A parameter of SSM: read, or refused by its name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from chalicelib.adapters.parameters import ParameterStore
from chalicelib.errors import SettingsError

NAME = "/connector/prod/app-secret"


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


def test_a_parameter_is_read_decrypted_by_one_client() -> None:
    ssm, opened = Ssm(parameter="s3cret\n"), []

    def open_client() -> Ssm:
        opened.append("client")
        return ssm

    store = ParameterStore(open_client)
    assert opened == []
    assert [store.fetch(NAME) for _ in range(2)] == ["s3cret\n", "s3cret\n"]
    assert ssm.asked == [{"Name": NAME, "WithDecryption": True}] * 2
    assert opened == ["client"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refusal("ParameterNotFound"), "does not exist"),
        (refusal("AccessDeniedException"), "AccessDeniedException"),
        (NoCredentialsError(), "NoCredentialsError"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(answer: Exception, message: str) -> None:
    with pytest.raises(SettingsError, match=f"{NAME}.*{message}"):
        ParameterStore(lambda: Ssm(parameter=answer)).fetch(NAME)
