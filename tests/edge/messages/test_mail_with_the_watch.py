"""The mail of the morning goes with the message of the watch."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from chalicelib.errors import MailError, ShopUnavailable
from chalicelib.ports import Mail
from chalicelib.usecases.connector import Post
from chalicelib.web.texts.mail_texts import MailWriter
from tests.edge.messages.delivered_messages import CONTENT, deliver, use, watched
from tests.fakes import documents_of_shop
from tests.fakes.post import MemoryMailer
from tests.unit.usecases.stage import SHOP_ID, Stage
from tools.catalogues import LOCALE


class TestTheMailOfTheMorning:
    """It goes with the watch, and neither spoils the other."""

    @pytest.fixture
    def mailer(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> MemoryMailer:
        """An order waits on the merchant, and mail is sent."""
        mailer = MemoryMailer()
        word = MailWriter(public_url="https://koppeling.example", support="", locale=LOCALE).word
        stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=word))
        use(stage.connector, monkeypatch)
        stage.receive(documents_of_shop.order(id=1001, number="ORD1001", email=""))
        deliver({"shop_id": SHOP_ID})
        return mailer

    def test_it_is_sent_once_however_often_the_message_comes(
        self, stage: Stage, mailer: MemoryMailer, said: io.StringIO
    ) -> None:
        assert deliver(watched(), watched(), watched()) == []
        assert len(mailer.sent) == 1
        assert '"outcome":"sent"' in said.getvalue()
        assert stage.api.contact not in said.getvalue()

    def test_it_is_sent_although_the_watch_fails(self, stage: Stage, mailer: MemoryMailer) -> None:
        stage.api.fail(ShopUnavailable("no"), "webhooks")
        assert deliver(watched()) == ["m0"]
        assert len(mailer.sent) == 1

    @pytest.mark.parametrize("error", [MailError("refused: Throttled"), ValueError(CONTENT)])
    def test_a_mail_that_fails_brings_no_message_back(
        self,
        mailer: MemoryMailer,
        monkeypatch: pytest.MonkeyPatch,
        said: io.StringIO,
        error: Exception,
    ) -> None:
        def send(address: str, mail: Mail) -> None:
            raise error

        monkeypatch.setattr(mailer, "send", send)
        assert deliver(watched()) == []
        assert "no morning mail" in said.getvalue()
        assert CONTENT not in said.getvalue()
