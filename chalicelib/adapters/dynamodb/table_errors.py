"""DynamoDB's errors in the connector's words.

Messages name the table and the key (shop, order key, file name), never what an item holds, and of
DynamoDB's answer no more than a known code: its own message may quote values.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFault
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from chalicelib.adapters.aws_refusals import read_code
from chalicelib.errors import LedgerConflict, LedgerError, LedgerThrottled

REFUSED = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
_REASONS = {
    "ConditionalCheckFailed": REFUSED,
    "TransactionConflict": REFUSED,  # with another write at the same time
    "ThrottlingError": "ThrottlingException",
    "ProvisionedThroughputExceeded": "ProvisionedThroughputExceededException",
}
"""Why a transaction was cancelled, and the code of a call by itself that failed so. The first of
several is told.
"""
BUSY = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
        "LimitExceededException",
        "InternalServerError",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
"""Codes of answers after which the same call may succeed later."""


TRIES = 8
"""How often a record is read anew that somebody else changed before it could be written."""


class Refused(Exception):
    """The condition of a write does not hold. Never leaves this package."""


@contextmanager
def translate_errors(table: str, key: str) -> Iterator[None]:
    """Run a call on `table`; what it raises becomes `Refused`, `LedgerThrottled` or
    `LedgerError`.
    """
    try:
        yield
    except PynamoDBException as error:
        raise _translated(error, table, key) from None
    except (BotoCoreError, ClientError) as error:  # of a call past PynamoDB
        raise _translated(PynamoDBException(str(error), error), table, key) from None


def _translated(error: PynamoDBException, table: str, key: str) -> Exception:
    cause = error.cause
    # PynamoDB's own property breaks on errors of the line: those have a `response` that is None.
    code = read_code(cause) if isinstance(cause, ClientError) else None
    if isinstance(error, TransactWriteError):
        reasons = {each.code for each in error.cancellation_reasons if each}
        code = next((known for reason, known in _REASONS.items() if reason in reasons), code)
    if code == REFUSED:
        return Refused()
    if code in BUSY:
        return LedgerThrottled(f"table {table} is busy ({code}) for {key}: try again later")
    if isinstance(cause, ConnectionFault | HTTPClientError):
        return LedgerThrottled(
            f"table {table} did not answer ({type(cause).__name__}) for {key}: try again"
            " later; a write may or may not have arrived"
        )
    kind = cause if isinstance(cause, BotoCoreError) else error
    return LedgerError(f"table {table} refused the call for {key}: {code or type(kind).__name__}")


def never_still(table: str, shop_id: int) -> LedgerConflict:
    """The error of a record that others changed each time it was about to be written."""
    return LedgerConflict(
        f"table {table}: shop {shop_id} was changed by others {TRIES} times meanwhile; try again"
    )
