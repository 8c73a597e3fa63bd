"""What an operator may ask `rerun` for, checked before anything is done."""

from __future__ import annotations

from datetime import date

from chalicelib.domain import bounds
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.file_verdicts import FileVerdict
from chalicelib.usecases.operating.taking_back import TakingBack

KEYS = (
    *("shop_id", "orders", "since", "dry_run", "reason", "file", "settle"),
    *("despite_first", "take_back"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunRequest:
    """What the operator asks for, checked."""

    shop_id: int
    orders: tuple[str, ...] | None
    since: date | None
    dry_run: bool
    reason: str | None
    file: str | None
    verdict: FileVerdict | None
    despite_first: bool = False
    way: TakingBack | None = None


_VERDICTS = {verdict.value: verdict for verdict in FileVerdict}
_WAYS = {way.value: way for way in TakingBack}


def parse_request(event: object) -> RerunRequest:
    """Check the input. Raises `RequestError` saying what is wrong with it."""
    given = operator_input.only_keys(event, KEYS, function="rerun")
    orders = operator_input.numbers(given, "orders", most=bounds.MOST_ASKED)
    said = operator_input.text(given, "settle")
    taken_back = operator_input.text(given, "take_back")
    asked = RerunRequest(
        shop_id=operator_input.shop_id_of(given),
        orders=None if orders is None else tuple(orders),
        since=operator_input.day(given, "since"),
        dry_run=operator_input.flag(given, "dry_run"),
        reason=operator_input.text(given, "reason"),
        file=operator_input.text(given, "file"),
        verdict=None if said is None else _VERDICTS.get(said),
        despite_first=operator_input.flag(given, "despite_first"),
        way=None if taken_back is None else _WAYS.get(taken_back),
    )
    _check_taking_back(asked, taken_back)
    if asked.orders and asked.since:
        raise RequestError("Give either orders or since, not both.")
    if (asked.file is None) != (said is None) or (said is not None and asked.verdict is None):
        raise RequestError(
            'A file is settled with "file" and "settle": "confirm", "again" or "resolved".'
        )
    if asked.file and (asked.orders or asked.since):
        raise RequestError("A file is settled by itself: leave orders and since out.")
    return asked


def _check_taking_back(asked: RerunRequest, said: str | None) -> None:
    if said is not None and (asked.way is None or not asked.orders or not asked.reason):
        raise RequestError(
            'Orders are taken back with "orders", "reason" and "take_back": "delete" or "credit".'
        )
    if asked.way is not None and (asked.file or asked.dry_run or asked.despite_first):
        raise RequestError('With "take_back" leave file, dry_run and despite_first out.')
