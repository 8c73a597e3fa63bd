"""Before a deployment: what is missing is named with the command that mends it, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoRegionError

from tests.fakes.aws import aws_in_memory
from tests.fakes.cloud import Cloud
from tools import concurrency, preflight

STACK, BUCKET = "koppeling", "code"
INBOX = {"AsperionInboxUrl": "https://inbox.example/{licence}/{file}"}
NAMES = ("app-key", "app-secret", "session-secret", "fingerprint-secret")
VALUE = "fedcba9876543210fedcba9876543210"


class Gateway:
    """API Gateway's settings of the account: whether it has a role by which it writes logs."""

    role: str | None = "arn:aws:iam::123456789012:role/logs"

    def get_account(self) -> dict[str, Any]:
        return {"cloudwatchRoleArn": self.role} if self.role else {}


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """AWS without anything in it."""
    monkeypatch.setattr(preflight, "_webhooks_share", lambda: "50")
    monkeypatch.setattr(concurrency, "find_share", lambda *_: concurrency.Share())
    cloud, client = Cloud(), boto3.client
    ours = {"cloudformation": cloud, "apigateway": Gateway()}
    monkeypatch.setattr(boto3, "client", lambda name: ours.get(name) or client(name))
    with aws_in_memory():
        yield cloud


def put(*names: str) -> None:
    for name in names:
        boto3.client("ssm").put_parameter(
            Name=f"/seoshop-asperion/{name}", Value=VALUE, Type="SecureString"
        )


def make_bucket() -> None:
    where: Any = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)


def prepare(bucket: str = BUCKET, **values: str) -> dict[str, str]:
    return preflight.prepare(values, stack=STACK, bucket=bucket)


def test_a_new_operator_gets_everything_at_once_as_commands() -> None:
    with pytest.raises(SystemExit) as refusal:
        prepare()

    said = str(refusal.value)
    assert "ASPERION_INBOX_URL='https://inbox.example/{licence}/{file}'" in said
    assert f"aws s3 mb s3://{BUCKET}" in said
    for name in ("app-key", "app-secret"):
        assert f"put-parameter --type SecureString --name /seoshop-asperion/{name} " in said
    assert "session-secret" not in said, "nobody has to think of that one"
    assert boto3.client("ssm").get_parameters(Names=["/seoshop-asperion/session-secret"])[
        "InvalidParameters"
    ], "nothing is made while something is missing"


def test_our_own_secrets_are_made_once_and_long(capsys: pytest.CaptureFixture[str]) -> None:
    make_bucket()
    put("app-key", "app-secret")

    assert prepare(**INBOX) == {"WebhookConcurrency": "50"}
    made, prints = secret(), secret("fingerprint-secret")
    prepare(**INBOX)

    assert (secret(), secret("fingerprint-secret")) == (made, prints)
    assert len(made) == len(prints) == 64
    assert made != prints
    assert made not in capsys.readouterr().out


def secret(name: str = "session-secret", folder: str = "/seoshop-asperion") -> str:
    found = boto3.client("ssm").get_parameter(Name=f"{folder}/{name}", WithDecryption=True)
    return str(found["Parameter"]["Value"])


def test_a_stack_of_an_older_version_goes_on_comparing_what_it_booked(cloud: Cloud) -> None:
    make_bucket()
    cloud.status = "CREATE_COMPLETE"
    put("app-key", "app-secret", "session-secret")

    chosen = prepare()
    assert chosen["FingerprintSecretParameter"] == "/seoshop-asperion/fingerprint-secret"
    assert secret("fingerprint-secret") == secret("session-secret")


def test_a_second_stack_has_a_fingerprint_secret_of_its_own(cloud: Cloud) -> None:
    make_bucket()
    cloud.status = "CREATE_COMPLETE"
    cloud.parameters = {"SessionSecretParameter": "/second/session-secret"}
    put("app-key", "app-secret", "fingerprint-secret")
    boto3.client("ssm").put_parameter(
        Name="/second/session-secret", Value="0123456789abcdef" * 4, Type="SecureString"
    )

    assert prepare() == {
        "FingerprintSecretParameter": "/second/fingerprint-secret",
        "DataKeyParameter": "/second/data-key",
    }
    assert secret("fingerprint-secret", "/second") == "0123456789abcdef" * 4


def test_a_lost_fingerprint_secret_is_not_made_anew(cloud: Cloud) -> None:
    make_bucket()
    cloud.status = "CREATE_COMPLETE"
    cloud.parameters = {"FingerprintSecretParameter": "/seoshop-asperion/fingerprint-secret"}
    put("app-key", "app-secret", "session-secret")

    with pytest.raises(SystemExit, match="/seoshop-asperion/fingerprint-secret"):
        prepare()


@pytest.mark.parametrize("weak", ["hunter2", "0" * 64, f"{VALUE} {VALUE[::-1]} {VALUE[1:]}x"])
def test_a_secret_that_the_functions_would_refuse_stops_the_deployment(weak: str) -> None:
    make_bucket()
    put("app-key", "session-secret", "fingerprint-secret")
    boto3.client("ssm").put_parameter(
        Name="/seoshop-asperion/app-secret", Value=weak, Type="SecureString"
    )

    with pytest.raises(SystemExit, match=r"SEOSHOP_APP_SECRET.*app-secret") as refusal:
        prepare(**INBOX)
    assert weak not in str(refusal.value)


def test_a_client_id_at_asperion_needs_its_secret(cloud: Cloud) -> None:
    make_bucket()
    put("app-key", "app-secret", "session-secret", "fingerprint-secret")
    prepare(**INBOX)
    with pytest.raises(SystemExit) as refusal:
        prepare(**INBOX, AsperionClientId="connector")
    assert "--name /seoshop-asperion/asperion-secret --value" in str(refusal.value)
    boto3.client("ssm").put_parameter(
        Name="/seoshop-asperion/asperion-secret", Value="short", Type="SecureString"
    )
    prepare(**INBOX, AsperionClientId="connector")
    cloud.status = "CREATE_COMPLETE"
    cloud.parameters = {"AsperionClientId": "connector", "AsperionSecretParameter": "/other/one"}
    with pytest.raises(SystemExit, match="/other/one"):
        prepare()


@pytest.mark.parametrize("name", ["AsperionApiUrl", "AsperionIdentityUrl"])
def test_what_is_sent_to_asperion_stays_secret_on_the_way(name: str) -> None:
    make_bucket()
    put("app-key", "app-secret")
    with pytest.raises(SystemExit, match="https://"):
        prepare(**INBOX, **{name: "http://api.asperion.example"})


def test_a_stack_that_has_lost_its_session_secret_gets_no_new_one_by_itself(cloud: Cloud) -> None:
    make_bucket()
    cloud.status, cloud.parameters = "CREATE_COMPLETE", {"AppKeyParameter": "/other/key"}
    put("app-secret", "fingerprint-secret")

    with pytest.raises(SystemExit) as refusal:
        prepare()

    assert "/seoshop-asperion/session-secret" in str(refusal.value)
    assert "/other/key" in str(refusal.value), "the stack's own name for it counts"
    assert "ASPERION_INBOX_URL" not in str(refusal.value)


def test_a_bucket_has_to_be_named() -> None:
    with pytest.raises(SystemExit, match="BUCKET="):
        prepare("", **INBOX)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"AsperionInboxUrl": "http://inbox.example/{licence}/{file}"}, "ASPERION_INBOX_URL"),
        ({"PublicUrl": "koppeling.example.nl"}, "PUBLIC_URL"),
        ({"SeoshopApiUrlEu1": "http://api.example.com"}, "SEOSHOP_API_URL_EU1"),
        ({"AppSecretParameter": "fedcba98"}, "SEOSHOP_APP_SECRET must name an SSM parameter"),
    ],
)
def test_a_value_that_would_stop_the_functions_stops_the_deployment(
    values: dict[str, str], why: str
) -> None:
    make_bucket()
    put(*NAMES)

    with pytest.raises(SystemExit, match=why) as refusal:
        prepare(**{**INBOX, **values})
    assert "fedcba98" not in str(refusal.value)


def test_an_account_without_a_role_for_the_access_log_gets_the_commands_that_make_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_bucket()
    put(*NAMES)
    monkeypatch.setattr(Gateway, "role", None)

    with pytest.raises(SystemExit) as refusal:
        prepare(**INBOX)

    said = str(refusal.value).splitlines()[1:]
    assert [line.split("    #")[0].strip()[:27] for line in said] == [
        *("aws iam create-role --role-", "aws iam attach-role-policy "),
        "aws apigateway update-accou",
    ]
    assert "ACCESS_LOG=false" in said[0]


def test_a_stack_without_an_access_log_needs_no_role_for_it(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bucket()
    put(*NAMES)
    monkeypatch.setattr(Gateway, "role", None)

    prepare(**INBOX, AccessLog="false")
    cloud.status, cloud.parameters = "CREATE_COMPLETE", {"AccessLog": "false"}
    prepare()


def test_what_aws_refuses_is_a_sentence() -> None:
    refused = ClientError({"Error": {"Code": "X", "Message": "expired"}}, "DescribeStacks")
    with (
        pytest.raises(SystemExit, match="AWS refuses DescribeStacks: expired"),
        preflight.plain_words(),
    ):
        raise refused
    with pytest.raises(SystemExit, match="region"), preflight.plain_words():
        raise NoRegionError


@pytest.mark.parametrize(("free", "share"), [(10, "0"), (149, "0"), (150, "50"), (1000, "50")])
def test_webhooks_get_their_own_share_where_the_account_has_it_to_spare(
    free: int, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    limits = {"AccountLimit": {"UnreservedConcurrentExecutions": free}}

    class Lambda:
        def get_account_settings(self) -> dict[str, Any]:
            return limits

    monkeypatch.setattr(boto3, "client", lambda _: Lambda())
    assert preflight._webhooks_share() == share


def named_keys(folder: str = "/seoshop-asperion") -> list[str]:
    """The data keys that the parameter names."""
    found = boto3.client("ssm").get_parameter(Name=f"{folder}/data-key", WithDecryption=True)
    return str(found["Parameter"]["Value"]).split()


def test_the_data_key_is_made_once_and_turns_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    make_bucket()
    put("app-key", "app-secret")

    prepare(**INBOX)
    [key] = named_keys()
    prepare(**INBOX)

    assert named_keys() == [key]
    assert key in capsys.readouterr().out
    kms = boto3.client("kms")
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    aliases = [each["AliasName"] for each in kms.list_aliases(KeyId=key)["Aliases"]]
    assert [alias.startswith(f"alias/{STACK}-data-") for alias in aliases] == [True]


def test_a_stack_of_an_earlier_version_gets_its_data_key_with_the_new_one(cloud: Cloud) -> None:
    make_bucket()
    put(*NAMES)
    cloud.status = "UPDATE_COMPLETE"
    cloud.parameters = {"SessionSecretParameter": "/second/session-secret"}
    put_parameter("/second/session-secret", "0123456789abcdef" * 4)

    assert prepare()["DataKeyParameter"] == "/second/data-key"
    assert len(named_keys("/second")) == 1


def put_parameter(name: str, value: str = "x") -> None:
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")


def test_a_stack_that_has_lost_the_name_of_its_data_key_gets_no_new_key(cloud: Cloud) -> None:
    make_bucket()
    put(*NAMES)
    cloud.status = "UPDATE_COMPLETE"
    cloud.parameters = {"DataKeyParameter": "/seoshop-asperion/data-key"}
    with pytest.raises(SystemExit, match="--name /seoshop-asperion/data-key --value"):
        prepare()
    assert boto3.client("kms").list_keys()["Keys"] == []


def test_a_key_of_ones_own_needs_the_alias_that_the_roles_go_by() -> None:
    make_bucket()
    put(*NAMES)
    kms = boto3.client("kms")
    own = kms.create_key()["KeyMetadata"]["Arn"]
    put_parameter("/seoshop-asperion/data-key", own)
    with pytest.raises(SystemExit, match=f"create-alias --alias-name alias/{STACK}-data-own") as no:
        prepare(**INBOX)
    assert own in str(no.value)

    kms.create_alias(AliasName=f"alias/{STACK}-data-own", TargetKeyId=own)
    prepare(**INBOX)
    assert named_keys() == [own]


def test_a_data_key_is_named_by_a_parameter() -> None:
    make_bucket()
    put(*NAMES)
    with pytest.raises(SystemExit, match="DATA_KEY must name an SSM parameter"):
        prepare(**INBOX, DataKeyParameter="alias/mine")
