"""By which address a bookkeeper is known, and by what name in the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.seat_records import (
    MOST_MAILS_AN_HOUR,
    Invitation,
    Invitations,
    MailsToHolder,
    add_invitation,
    note_mail,
)
from chalicelib.domain.seats import clean_seat_address, is_holder_by, name_holder

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
ADDRESS = "boekhouder@kantoor.example"


@pytest.mark.parametrize("typed", [ADDRESS, ADDRESS.upper(), f"  {ADDRESS.title()}\t"])
def test_case_and_blanks_make_no_other_address(typed: str) -> None:
    assert clean_seat_address(typed) == ADDRESS


@pytest.mark.parametrize("typed", ["a.b+c@k.nl", "a_b@k-l.co.uk", "x@xn--bcher-kva.example"])
def test_whatever_else_an_address_holds_stays(typed: str) -> None:
    assert clean_seat_address(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "a", "@k.nl", "a@", "a b@k.nl", "a@b@c.nl", '"a"@k.nl', "<a@k.nl>", "a@k.nl,"),
        *("a@k.nl\r\nBcc: b@k.nl", "a\x00@k.nl", "ä@k.nl", "a@bücher.nl", "\u212a@k.nl"),
        *("\u0430@k.nl", "a@k.nl\u200b", "\uff41@k.nl", "a\u0301@k.nl", "a@k\u3002nl"),
    ],
)
def test_what_could_be_another_mailbox_is_no_address(typed: str) -> None:
    assert clean_seat_address(typed) is None


def test_a_holder_differs_by_address_and_secret_and_holds_neither() -> None:
    name = name_holder(ADDRESS, "secret")
    assert name == name_holder(ADDRESS, "secret")
    others = {name_holder("b@k.nl", "secret"), name_holder(ADDRESS, "other")}
    assert name not in others
    assert len(others) == 2
    assert is_holder_by(name, "secret")
    assert not is_holder_by(name, "other")
    assert "kantoor" not in name


def test_mails_are_counted_over_the_last_hour() -> None:
    kept: MailsToHolder | None = None
    for n in range(MOST_MAILS_AN_HOUR):
        kept = note_mail(kept, NOW + timedelta(minutes=n))
        assert kept is not None
    assert note_mail(kept, NOW + timedelta(minutes=59)) is None
    later = note_mail(kept, NOW + timedelta(minutes=60))
    assert later is not None
    assert len(later.asked_at) == MOST_MAILS_AN_HOUR
    assert later.needed_until == NOW + timedelta(minutes=120)


def test_what_is_over_is_forgotten_with_the_next_invitation() -> None:
    def invitation(days: int, holder: str = "") -> Invitation:
        made = NOW + timedelta(days=days)
        until = made + timedelta(days=7)
        return Invitation(
            rights=frozenset(), made_at=made, until=until, installed_at=NOW, holder=holder
        )

    kept = add_invitation(Invitations(), "first", invitation(0, holder="h"), ["h"])
    kept = add_invitation(kept, "link", invitation(1), [])
    kept = add_invitation(kept, "second", invitation(2, holder="h"), ["h"])
    assert {*kept.by_hash} == {"link", "second"}
    kept = add_invitation(kept, "later", invitation(9, holder="i"), ["i"])
    assert {*kept.by_hash} == {"second", "later"}
    assert len(kept.made_at) == 1
