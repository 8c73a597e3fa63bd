"""DynamoDB's errors become ours: busy is busy, and messages hold no content."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from pynamodb.exceptions import (
    CancellationReason,
    PynamoDBException,
    TransactWriteError,
    UpdateError,
    VerboseClientError,
)

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.dynamodb.table_errors import (
    BUSY,
    CANCELLED,
    REFUSED,
    Refused,
    translate_errors,
)
from chalicelib.errors import LedgerError, LedgerThrottled

SECRET = "jan@example.nl"
URL = "https://dynamodb.eu-central-1.amazonaws.com"


def raised(cause: Exception) -> Exception:
    with (
        pytest.raises((Refused, LedgerError)) as caught,
        translate_errors("t-orders", "shop 1, order-5"),
    ):
        raise UpdateError("Failed to update item", cause)
    return caught.value


def answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"about {SECRET}"}}, "UpdateItem")


@pytest.mark.parametrize("code", sorted(BUSY))
def test_a_busy_table_is_throttled(code: str) -> None:
    error = raised(answer(code))
    assert isinstance(error, LedgerThrottled)
    assert "t-orders" in str(error)
    assert "order-5" in str(error)
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    "cause", [EndpointConnectionError(endpoint_url=URL), ReadTimeoutError(endpoint_url=URL)]
)
def test_a_silent_table_is_throttled_and_says_that_the_outcome_is_open(cause: Exception) -> None:
    error = raised(cause)
    assert isinstance(error, LedgerThrottled)
    assert "may or may not" in str(error)


def test_a_condition_that_does_not_hold_is_an_answer() -> None:
    assert isinstance(raised(answer(REFUSED)), Refused)


def cancelled(*reasons: str | None) -> Exception:
    """What a transaction raises that was cancelled for these reasons, one for each write."""
    error: Any = {"Error": {"Code": CANCELLED, "Message": f"about {SECRET}"}}
    found = [CancellationReason(reason, SECRET) if reason else None for reason in reasons]
    cause = VerboseClientError(error, "TransactWriteItems", cancellation_reasons=found)
    with (
        pytest.raises((Refused, LedgerError)) as caught,
        translate_errors("t-shops", "shop 1, seat"),
    ):
        raise TransactWriteError("Failed to write transaction items", cause)
    return caught.value


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        ((None, "ConditionalCheckFailed"), Refused),
        (("TransactionConflict", None), Refused),
        (("ThrottlingError", "ConditionalCheckFailed"), Refused),
        (("ThrottlingError", None), LedgerThrottled),
        ((None, "ProvisionedThroughputExceeded"), LedgerThrottled),
        (("ValidationError", None), LedgerError),
        ((None, "ItemCollectionSizeLimitExceeded"), LedgerError),
        ((), LedgerError),
    ],
)
def test_a_cancelled_transaction_is_what_cancelled_it(
    reasons: tuple[str | None, ...], kind: type[Exception]
) -> None:
    error = cancelled(*reasons)
    assert type(error) is kind
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    ("cause", "named"),
    [
        (answer("ValidationException"), "ValidationException"),
        (answer("AccessDeniedException"), "AccessDeniedException"),
        (NoCredentialsError(), "NoCredentialsError"),
    ],
)
def test_any_other_fault_is_named_without_content(cause: Exception, named: str) -> None:
    error = raised(cause)
    assert type(error) is LedgerError
    assert "t-orders" in str(error)
    assert named in str(error)
    assert SECRET not in str(error)


def test_a_table_that_is_not_there_is_an_error_of_ours(tables: object) -> None:
    missing = open_tables("no-such-", host=getattr(tables, "host", None)).entries
    with pytest.raises(LedgerError, match=r"no-such-orders.*ResourceNotFoundException"):
        missing.get(1, "order-5")


def test_faults_of_pynamodb_itself_are_ours_too() -> None:
    with pytest.raises(LedgerError), translate_errors("t", "k"):
        raise PynamoDBException("?")
