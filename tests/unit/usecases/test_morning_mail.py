"""A merchant is mailed in the morning when something waits on him, when it came right again, and
once a week: one mail a day, however often its message comes, and nothing of an order in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.distance_sales import DistanceFigure
from chalicelib.domain.events import Actor
from chalicelib.domain.mail_records import MailChoices, MailKind, MailProgress, Sending
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from chalicelib.ports import Notice
from chalicelib.usecases.connector import Post
from chalicelib.usecases.operating.morning_mail import mail_morning
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.operating.repair import send_order_again
from chalicelib.usecases.shop.connecting import MENDED_BY_CONNECTING
from chalicelib.usecases.shop.leaving import pause_shop
from chalicelib.usecases.shop.trouble import clear_trouble, note_trouble
from chalicelib.web.texts.mail_texts import MailWriter
from tests.fakes.documents_of_shop import HOME, order
from tests.fakes.open_vault import seal
from tests.fakes.post import MemoryMailer
from tests.unit.usecases.day_runs import export
from tests.unit.usecases.stage import SHOP_ID, Stage
from tools.catalogues import LOCALE

CONTACT = "winkelier@de-wilg.example"
TUESDAY = datetime(2026, 3, 17, 3, 45, tzinfo=UTC)


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def stage(mailer: MemoryMailer) -> Stage:
    stage = Stage()
    stage.now = TUESDAY
    stage.api.contact = CONTACT
    writer = MailWriter(public_url="https://koppeling.example", support="", locale=Path("none"))
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=writer.word))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, title="De Wilg"))
    return stage


def sell(stage: Stage, number: int, **facts: Any) -> None:
    """An order that is paid the day before."""
    sold = order(id=number, number=f"ORD{number}", **facts)
    paid = stage.now - timedelta(hours=8)
    stage.receive(replace(sold, created_at=paid, paid_at=paid))


def held(stage: Stage, *numbers: int) -> None:
    """Orders without an e-mail address, and the night's export."""
    for number in numbers:
        sell(stage, number, email="")
    export(stage)


def freed(stage: Stage, *numbers: int) -> None:
    """The merchant mends them and lets them be looked at, and the export takes them along."""
    for number in numbers:
        stage.api.put(replace(stage.api.orders[number], email="s@example.nl"))
    release_and_judge(stage.workspace(), ["email_missing"], by=Actor.MERCHANT)
    export(stage)


def morning(stage: Stage, days: int = 1) -> Sending | None:
    """So many days later, the mail of the morning."""
    stage.now += timedelta(days=days)
    return mail_morning(stage.connector, SHOP_ID)


def subjects(mailer: MemoryMailer) -> list[str]:
    return [mail.subject for _, mail in mailer.sent]


def test_no_mail_while_nothing_waits(stage: Stage, mailer: MemoryMailer) -> None:
    assert mail_morning(stage.connector, SHOP_ID) is None
    assert mailer.sent == []


def test_what_waits_is_mailed_in_numbers_to_the_contact(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411, 412)

    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    [(address, mail)] = mailer.sent
    assert address == CONTACT
    assert mail.subject == "De Wilg: something waits for you"
    assert "- 2 orders are held." in mail.text
    assert "https://koppeling.example/\n" in mail.text


def test_nothing_of_an_order_is_in_any_mail(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    morning(stage)
    morning(stage, days=5)

    assert len(mailer.sent) == 3
    everything = str(mailer.sent) + str(stage.shops.load(SHOP_ID, MailProgress))
    sold = stage.api.orders[411]
    for content in (sold.number, "411", sold.lastname, HOME.street, HOME.city, "24.20", "24,20"):
        assert content not in everything.replace("https://koppeling.example", "")


def test_a_message_that_comes_twice_sends_one_mail(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    outcomes = [mail_morning(stage.connector, SHOP_ID) for _ in range(3)]
    assert outcomes == [Sending.SENT, None, None]
    held(stage, 412)  # something new, the same day
    assert mail_morning(stage.connector, SHOP_ID) is None
    assert len(mailer.sent) == 1


def test_two_deliveries_at_once_send_one_mail(stage: Stage, mailer: MemoryMailer) -> None:
    """The other one goes all its way while the first looks the address up."""
    held(stage, 411)
    read = stage.api.contact_address

    def look_up() -> str:
        stage.api.contact_address = read  # type: ignore[method-assign]
        assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
        return read()

    stage.api.contact_address = look_up  # type: ignore[method-assign]
    assert mail_morning(stage.connector, SHOP_ID) is None
    assert len(mailer.sent) == 1


def test_the_same_is_mailed_once_more_after_a_week(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    assert [morning(stage) for _ in range(8)] == [*[None] * 6, Sending.SENT, None]


def test_something_new_is_mailed_the_next_morning(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411, 412)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    assert morning(stage) is None, "less than was told"
    stage.now += timedelta(days=1)
    held(stage, 413)
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    assert "- 2 orders are held." in mailer.last.text


def test_what_was_mailed_and_is_over_is_new_when_it_comes_again(
    stage: Stage, mailer: MemoryMailer
) -> None:
    held(stage, 411, 412)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    assert morning(stage) is None
    stage.now += timedelta(days=1)
    sent_again(stage, 411)
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    assert "- 2 orders are held." in mailer.last.text


def sent_again(stage: Stage, number: int) -> None:
    """The merchant sends an order again that lacks its address anew, and the export holds it."""
    stage.api.put(replace(stage.api.orders[number], email=""))
    send_order_again(stage.workspace(), f"ORD{number}", reason="weg", by=Actor.MERCHANT)
    export(stage)


def test_that_everything_is_right_again_is_mailed_once(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    assert morning(stage) is Sending.SENT
    assert mailer.last.subject == "De Wilg: everything is right again"
    assert morning(stage) is None


def test_a_week_in_which_all_went_in_has_one_receipt(stage: Stage, mailer: MemoryMailer) -> None:
    for number in (401, 402, 403):
        sell(stage, number)
    export(stage)
    stage.now += timedelta(days=1)
    sell(stage, 404)
    export(stage)

    outcomes = [morning(stage) for _ in range(12)]  # from Thursday on
    assert [place for place, each in enumerate(outcomes) if each] == [4]  # Monday
    assert mailer.last.subject == "De Wilg: everything is in, the week of 16 March 2026"
    assert "16 March 2026 to 22 March 2026" in mailer.last.text
    assert "Delivered: 4 orders\nIn 2 deliveries" in mailer.last.text


def test_a_receipt_waits_for_what_waits_and_goes_with_the_news(
    stage: Stage, mailer: MemoryMailer
) -> None:
    sell(stage, 401)
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    stage.now += timedelta(days=6)  # Monday
    assert mail_morning(stage.connector, SHOP_ID) is None
    freed(stage, 411)
    assert morning(stage) is Sending.SENT
    assert mailer.last.subject == "De Wilg: everything is right again"
    assert "Delivered: 1 order\n" in mailer.last.text
    assert morning(stage) is None


@pytest.mark.parametrize("kind", MailKind)
def test_a_mail_that_is_switched_off_is_not_sent(
    stage: Stage, mailer: MemoryMailer, kind: MailKind
) -> None:
    stage.shops.save(SHOP_ID, MailChoices(wanted=frozenset({*MailKind} - {kind})))
    sell(stage, 401)
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    morning(stage)
    morning(stage, days=5)

    digest = ["De Wilg: something waits for you", "De Wilg: everything is right again"]
    weekly = ["De Wilg: everything is in, the week of 16 March 2026"]
    assert subjects(mailer) == (weekly if kind is MailKind.DIGEST else digest)


def test_a_mail_that_is_refused_is_sent_the_next_morning(
    stage: Stage, mailer: MemoryMailer
) -> None:
    held(stage, 411)
    mailer.is_down = True
    assert mail_morning(stage.connector, SHOP_ID) is Sending.REFUSED
    assert mail_morning(stage.connector, SHOP_ID) is None, "once a day"
    mailer.is_down = False
    assert morning(stage) is Sending.SENT


def test_a_shop_that_does_not_answer_costs_no_day(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    stage.api.fail(ShopUnavailable("no"), "contact_address")
    assert mail_morning(stage.connector, SHOP_ID) is Sending.NOT_FOUND
    stage.api.recover()
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT


@pytest.mark.parametrize("contact", ["", "niemand", "a@b.nl, c@d.nl", "x@example.nl\nBcc: y@z.nl"])
def test_a_contact_without_an_address_is_not_mailed(
    stage: Stage, mailer: MemoryMailer, contact: str
) -> None:
    held(stage, 411)
    stage.api.contact = contact
    assert mail_morning(stage.connector, SHOP_ID) is Sending.NO_ADDRESS
    assert mailer.sent == []


def test_the_merchants_own_address_takes_the_contacts_place(
    stage: Stage, mailer: MemoryMailer
) -> None:
    own_address(stage)
    held(stage, 411)
    stage.api.fail(ShopUnavailable("no"), "contact_address")
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    assert mailer.sent[0][0] == "boekhouder@example.nl"


def own_address(stage: Stage) -> None:
    address = seal("boekhouder@example.nl", SecretKind.MAIL_ADDRESS)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, mail_address=address))


def test_a_shop_that_lost_its_access_is_mailed_at_an_address_of_its_own(
    stage: Stage, mailer: MemoryMailer
) -> None:
    stage.have_others()
    stage.api.fail(ShopUnauthorised("no", status=401))
    export(stage)
    assert stage.workspace().shop.state is ShopState.DISCONNECTED
    assert mail_morning(stage.connector, SHOP_ID) is Sending.NOT_FOUND
    own_address(stage)
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    assert "no longer lets the connector in" in mailer.last.text


def test_a_trouble_that_he_can_mend_is_mailed_with_its_cure(
    stage: Stage, mailer: MemoryMailer
) -> None:
    note_trouble(stage.workspace(), TroubleCause.INBOX_REFUSED)
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    assert "- Asperion does not accept the files. Usually the licence code" in mailer.last.text


@pytest.mark.parametrize(
    "cause", [each for each in TroubleCause if each.passes and each not in MENDED_BY_CONNECTING]
)
def test_a_trouble_that_passes_is_not(
    stage: Stage, mailer: MemoryMailer, cause: TroubleCause
) -> None:
    note_trouble(stage.workspace(), cause)
    assert mail_morning(stage.connector, SHOP_ID) is None


def test_nothing_is_called_right_while_something_else_is_wrong(
    stage: Stage, mailer: MemoryMailer
) -> None:
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    freed(stage, 411)
    note_trouble(stage.workspace(), TroubleCause.INBOX_UNAVAILABLE)
    assert morning(stage) is None
    clear_trouble(stage.workspace())
    assert morning(stage) is Sending.SENT
    assert mailer.last.subject == "De Wilg: everything is right again"


def test_a_paused_shop_is_left_alone(stage: Stage, mailer: MemoryMailer) -> None:
    held(stage, 411)
    pause_shop(stage.workspace(), by=Actor.MERCHANT)
    assert mail_morning(stage.connector, SHOP_ID) is None


def test_without_a_sender_there_is_no_mail(stage: Stage) -> None:
    held(stage, 411)
    stage.connector = replace(stage.connector, post=None)
    assert mail_morning(stage.connector, SHOP_ID) is None


def test_a_run_that_is_killed_while_it_mails_sends_no_second_one_that_day(
    stage: Stage, mailer: MemoryMailer
) -> None:
    held(stage, 411)

    def die(_: Notice) -> Any:
        raise KeyboardInterrupt

    word = stage.connector.post.word if stage.connector.post else None
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=die))
    with pytest.raises(KeyboardInterrupt):
        mail_morning(stage.connector, SHOP_ID)
    assert word is not None
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=word))
    assert mail_morning(stage.connector, SHOP_ID) is None
    assert morning(stage) is Sending.SENT


def test_each_mail_can_be_ended_with_one_click_and_is_in_the_shops_language(
    stage: Stage, mailer: MemoryMailer
) -> None:
    writer = MailWriter(
        public_url="https://koppeling.example", support="hulp@example.nl", locale=LOCALE
    )
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=writer.word))
    held(stage, 411)
    mail_morning(stage.connector, SHOP_ID)
    mail = mailer.last
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://koppeling.example/unsubscribe?ticket=")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(link) < 300
    assert link in mail.text
    assert "- 1 bestelling wordt vastgehouden." in mail.text
    assert mail.subject == "De Wilg: er wacht iets op u"
    assert "hulp@example.nl" in mail.text


def near(stage: Stage, excl: str, before: str = "0.00") -> None:
    """What the night adds up of the sales to other member states."""
    amounts = {"excl": Decimal(excl), "before": Decimal(before)}
    stage.shops.save(SHOP_ID, DistanceFigure(year=stage.now.year, **amounts))


def test_the_threshold_is_mailed_once_near_it_and_once_above(
    stage: Stage, mailer: MemoryMailer
) -> None:
    near(stage, "7999.99")
    assert mail_morning(stage.connector, SHOP_ID) is None
    near(stage, "8000.00")
    assert morning(stage) is Sending.SENT
    assert [morning(stage) for _ in range(9)] == [None] * 9
    near(stage, "10000.01")
    assert morning(stage) is Sending.SENT
    near(stage, "9000.00")  # something was sent back
    assert morning(stage) is None
    assert subjects(mailer) == [
        "De Wilg: sales to other EU countries are near the threshold",
        "De Wilg: sales to other EU countries are above the threshold",
    ]
    assert "https://koppeling.example/vat/oss" in mailer.sent[0][1].text


def test_a_year_above_the_threshold_is_mailed_in_the_next_one(
    stage: Stage, mailer: MemoryMailer
) -> None:
    near(stage, "0.00", before="10000.01")
    assert [mail_morning(stage.connector, SHOP_ID), morning(stage)] == [Sending.SENT, None]
    assert "all of this year you owe the VAT" in mailer.sent[0][1].text


def test_the_threshold_goes_with_what_waits(stage: Stage, mailer: MemoryMailer) -> None:
    near(stage, "8000.00")
    held(stage, 411)
    assert mail_morning(stage.connector, SHOP_ID) is Sending.SENT
    [(_, mail)] = mailer.sent
    assert mail.subject == "De Wilg: something waits for you"
    assert "80% of the threshold" in mail.text
    freed(stage, 411)
    assert morning(stage) is Sending.SENT  # that all is right again
    assert "threshold" not in mailer.sent[1][1].text


def test_the_threshold_is_not_mailed_to_who_wants_no_digest(
    stage: Stage, mailer: MemoryMailer
) -> None:
    near(stage, "8000.00")
    stage.shops.save(SHOP_ID, MailChoices(wanted=frozenset({MailKind.WEEKLY})))
    assert mail_morning(stage.connector, SHOP_ID) is None
