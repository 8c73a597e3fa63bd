"""Webhook deliveries of SEOshop: each is verified, stored as a hint and answered at once.

This module starts cold in a Lambda of its own, hence no templates and no HTTP client.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalicelib.domain.signatures import verify_webhook
from chalicelib.errors import LedgerError, RequestError, SignatureError, UnknownShop
from chalicelib.usecases.intake import hints
from chalicelib.web.http.http_messages import JSON, BodyTooLarge, Request, Response
from chalicelib.web.http.refusals import Refusal

if TYPE_CHECKING:
    from chalicelib.usecases.connector import HintParts

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "x-signature"
_STATUSES = {UnknownShop: 404, BodyTooLarge: 413}
_HEADERS = {"Content-Type": JSON, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer_delivery(delivery: Request, *, parts: HintParts) -> Response:
    """Store SEOshop's delivery: 200, or an error as ``{"error": "…"}``.

    400 for a body without a document, 401 for a bad signature, 404 for an unknown shop, 413 for
    more than `hints.LARGEST_BODY` bytes; 503 when the tables refuse, so that SEOshop delivers
    again; 500 for any other error, which is logged by its type only.
    """
    try:
        return _answer(200, waiting=_store_hint(delivery, parts))
    except SignatureError as error:
        return replace(_answer(401, error=str(error)), refused=Refusal.SIGNATURE)
    except RequestError as error:
        return _answer(_STATUSES.get(type(error), 400), error=str(error))
    except LedgerError as error:
        log.error("webhook not stored: %s", error)
        return _answer(503, error="The hint could not be stored now; deliver it again.")
    except Exception as error:
        # The message of an unforeseen error may quote the body.
        log.error("webhook failed", extra={"error": type(error).__name__})
        return answer_failure()


def answer_failure() -> Response:
    """The answer to a delivery that nothing can be done with now."""
    return _answer(500, error="Something went wrong here; deliver it again.")


def _store_hint(delivery: Request, parts: HintParts) -> bool:
    """Whether the delivery makes a document wait."""
    if len(delivery.body) > hints.LARGEST_BODY:
        raise BodyTooLarge(f"The body is larger than {hints.LARGEST_BODY} bytes.")
    signature = delivery.headers.get(SIGNATURE_HEADER)
    verify_webhook(delivery.body, signature, parts.secrets.app_secrets())
    number = unquote(delivery.params["shop_id"])
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise UnknownShop("The address names no shop.")
    topic = unquote(delivery.params["topic"])
    return hints.record_delivery(parts, int(number), topic, delivery.body)


def _answer(status: int, **content: object) -> Response:
    return Response(status=status, body=json.dumps(content), headers=_HEADERS)
