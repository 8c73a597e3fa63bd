"""Turning a secret: a new value stands before the present one, until the former is retired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from tests.fakes.cloud import Cloud
from tools import standing, turn
from tools.turn import RETIRE, TURN

NAMES = {
    "AppKeyParameter": "/a/app-key",
    "AppSecretParameter": "/a/app-secret",
    "SessionSecretParameter": "/a/session-secret",
    "FingerprintSecretParameter": "/a/fingerprint-secret",
    "DataKeyParameter": "/a/data-key",
    "AsperionSecretParameter": "/a/asperion-secret",
    "SecretsAge": "120",
}
FIRST = "0123456789abcdef0123456789abcdef"
NEW_KEY, NEW_SECRET = "a1b2c3d4" * 4, "fedcba9876543210fedcba9876543210"


class Later(datetime):
    """The operator's clock, six minutes on."""

    @classmethod
    def now(cls, tz: object = None) -> Later:
        moment = datetime.now(UTC) + timedelta(minutes=6)
        return cls.fromtimestamp(moment.timestamp(), UTC)


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    given = ("NEW_APP_KEY", "NEW_APP_SECRET", "NEW_ASPERION_SECRET", "MAKEFLAGS")
    for name in ("AWS_ENDPOINT_URL", *given):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    cloud, client = Cloud(status="CREATE_COMPLETE", parameters=dict(NAMES)), boto3.client
    monkeypatch.setattr(
        boto3, "client", lambda name: cloud if name == "cloudformation" else client(name)
    )
    with mock_aws():
        for name in list(NAMES.values())[:6]:
            boto3.client("ssm").put_parameter(Name=name, Value=FIRST, Type="SecureString")
        yield cloud


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr("sys.argv", ["turn", *words, "--stack", "koppeling"])
    turn.main()


def values(name: str) -> list[str]:
    found = boto3.client("ssm").get_parameter(Name=f"/a/{name}", WithDecryption=True)
    return str(found["Parameter"]["Value"]).split()


def minutes_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "datetime", Later)


def give_app(monkeypatch: pytest.MonkeyPatch, key: str = NEW_KEY, secret: str = NEW_SECRET) -> None:
    monkeypatch.setenv("NEW_APP_KEY", key)
    monkeypatch.setenv("NEW_APP_SECRET", secret)
    monkeypatch.setenv("NEW_ASPERION_SECRET", secret)


@pytest.mark.parametrize("secret", ["session", "fingerprint"])
def test_a_new_value_is_made_and_stands_first_and_the_former_is_retired(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "turn", secret)
    new, former = values(f"{secret}-secret")
    assert former == FIRST
    assert len(new) == 64
    said = capsys.readouterr().out
    assert "in use everywhere from" in said
    assert f"make retire SECRET={secret}" in said

    minutes_pass(monkeypatch)
    run(monkeypatch, "retire", secret)
    assert values(f"{secret}-secret") == [new]
    said += capsys.readouterr().out
    assert new not in said
    assert FIRST not in said


def test_asperions_new_secret_is_tried_first_until_the_former_is_retired(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEW_ASPERION_SECRET", "hush")
    run(monkeypatch, "turn", "asperion")
    assert values("asperion-secret") == ["hush", FIRST]
    minutes_pass(monkeypatch)
    run(monkeypatch, "retire", "asperion")
    assert values("asperion-secret") == ["hush"]
    with pytest.raises(SystemExit, match="present secret"):
        run(monkeypatch, "turn", "asperion")
    said = capsys.readouterr().out
    assert "hush" not in said
    assert FIRST not in said


@pytest.mark.parametrize("given", ["", "one two", "\u00e9"])
def test_an_unusable_secret_of_asperions_turns_nothing(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_ASPERION_SECRET", given)
    with pytest.raises(SystemExit, match="NEW_ASPERION_SECRET"):
        run(monkeypatch, "turn", "asperion")
    assert values("asperion-secret") == [FIRST]


def test_retiring_the_fingerprint_secret_says_what_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "turn", "fingerprint")
    minutes_pass(monkeypatch)
    run(monkeypatch, "retire", "fingerprint")
    assert "no longer compared" in capsys.readouterr().out


@pytest.mark.parametrize("secret", sorted(TURN))
def test_while_two_values_stand_nothing_is_turned(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(monkeypatch)
    run(monkeypatch, "turn", secret)
    before = [values(name) for name in ("app-secret", "session-secret", "fingerprint-secret")]
    give_app(monkeypatch, secret="0f1e2d3c4b5a69780f1e2d3c4b5a6978")
    with pytest.raises(SystemExit, match=f"make retire SECRET={secret}"):
        run(monkeypatch, "turn", secret)
    after = [values(name) for name in ("app-secret", "session-secret", "fingerprint-secret")]
    assert after == before


@pytest.mark.parametrize("secret", sorted(RETIRE))
def test_the_only_value_is_not_retired(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    minutes_pass(monkeypatch)
    with pytest.raises(SystemExit, match=f"make turn SECRET={secret}"):
        run(monkeypatch, "retire", secret)


@pytest.mark.parametrize("secret", sorted(RETIRE))
def test_nothing_is_retired_before_every_function_has_read_the_new_value(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(monkeypatch)
    run(monkeypatch, "turn", secret)
    with pytest.raises(SystemExit, match="Not every function"):
        run(monkeypatch, "retire", secret)


def test_the_apps_key_and_secret_are_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give_app(monkeypatch)
    run(monkeypatch, "turn", "app")
    assert values("app-key") == [NEW_KEY, FIRST]
    assert values("app-secret") == [NEW_SECRET, FIRST]

    minutes_pass(monkeypatch)
    run(monkeypatch, "retire", "app")
    assert (values("app-key"), values("app-secret")) == ([NEW_KEY], [NEW_SECRET])
    assert NEW_SECRET not in capsys.readouterr().out


def test_the_apps_key_may_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW_APP_SECRET", NEW_SECRET)
    run(monkeypatch, "turn", "app")
    assert (values("app-key"), values("app-secret")) == ([FIRST], [NEW_SECRET, FIRST])


def test_a_turn_that_broke_off_between_secret_and_key_is_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boto3.client("ssm").put_parameter(
        Name="/a/app-secret", Value=f"{NEW_SECRET} {FIRST}", Type="SecureString", Overwrite=True
    )
    give_app(monkeypatch)
    run(monkeypatch, "turn", "app")
    assert values("app-key") == [NEW_KEY, FIRST]
    assert values("app-secret") == [NEW_SECRET, FIRST]


def test_a_secret_on_the_command_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    give_app(monkeypatch)
    monkeypatch.setenv("MAKEFLAGS", f" -- NEW_APP_SECRET={NEW_SECRET}")
    with pytest.raises(SystemExit, match="history") as refusal:
        run(monkeypatch, "turn", "app")
    assert NEW_SECRET not in str(refusal.value)
    assert values("app-secret") == [FIRST]


@pytest.mark.parametrize("wrong", ["short", "a" * 32, f"{NEW_SECRET} {FIRST}"])
def test_a_new_secret_that_the_functions_would_refuse_is_not_put_in_place(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(monkeypatch, secret=wrong)
    with pytest.raises(SystemExit, match="NEW_APP_SECRET") as refusal:
        run(monkeypatch, "turn", "app")
    assert wrong not in str(refusal.value)
    assert values("app-secret") == [FIRST]


def test_the_present_pair_is_nothing_to_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    give_app(monkeypatch, FIRST, FIRST)
    with pytest.raises(SystemExit, match="nothing to turn"):
        run(monkeypatch, "turn", "app")


def test_a_secret_keeps_the_kms_key_it_is_encrypted_with(monkeypatch: pytest.MonkeyPatch) -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(
        Name="/a/session-secret",
        Value=FIRST,
        Type="SecureString",
        KeyId="alias/our-own",
        Overwrite=True,
    )
    run(monkeypatch, "turn", "session")
    (described,) = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": ["/a/session-secret"]}]
    )["Parameters"]
    assert described["KeyId"] == "alias/our-own"


def test_another_secret_is_answered_with_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SystemExit, match=r"make turn SECRET=app\|"):
        run(monkeypatch, "turn", "")


def test_a_stack_that_does_not_stand_has_nothing_to_turn(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.status = None
    with pytest.raises(SystemExit, match="koppeling"):
        run(monkeypatch, "turn", "session")


def test_a_stack_of_an_older_version_has_no_fingerprint_secret_to_turn(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cloud.parameters["FingerprintSecretParameter"]
    with pytest.raises(SystemExit, match="deploy this first"):
        run(monkeypatch, "turn", "fingerprint")
