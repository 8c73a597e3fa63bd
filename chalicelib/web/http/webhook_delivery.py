"""The webhook's door: prove a delivery, take the hint in, answer at once.

Kept light, because this module starts cold in a function of its own: no templates, no HTTP client.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from urllib.parse import unquote

from chalicelib.domain.signatures import verify_webhook
from chalicelib.errors import LedgerError, RequestError, SignatureError, UnknownShop
from chalicelib.usecases.intake import webhook as intake
from chalicelib.web.http.http_messages import JSON, Response

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "x-signature"
_HEADERS = {
    "Content-Type": JSON,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def receive(
    shop_id: str,
    topic: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    listener: intake.Listener,
    secret: str,
) -> Response:
    """Take one delivery in: 200, or an error as ``{"error": "…"}``.

    `shop_id` and `topic` are the address's parts, still percent-encoded; `headers` have lower-cased
    names; `secret` is the app secret. 400 for a body without a document, 401 for a bad signature,
    404 for an unknown shop, 413 for more than `intake.LARGEST_BODY` bytes; 503 when the tables
    refuse, so that SEOshop delivers again; 500 for what nobody foresaw, logged by its kind only.
    """
    try:
        return _received(shop_id, topic, headers, body, listener=listener, secret=secret)
    except SignatureError as error:
        return _refusal(401, str(error))
    except UnknownShop as error:
        return _refusal(404, str(error))
    except RequestError as error:
        return _refusal(400, str(error))
    except LedgerError:
        log.exception("webhook not stored: the tables refuse")
        return _refusal(503, "The hint could not be stored now; deliver it again.")
    except Exception as error:
        # The message of an unforeseen error may hold a piece of the body: its kind is enough.
        log.error("webhook failed", extra={"error": type(error).__name__})
        return _refusal(500, "Something went wrong here; deliver it again.")


def _received(
    shop_id: str,
    topic: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    listener: intake.Listener,
    secret: str,
) -> Response:
    if len(body) > intake.LARGEST_BODY:
        return _refusal(413, f"The body is larger than {intake.LARGEST_BODY} bytes.")
    verify_webhook(body, headers.get(SIGNATURE_HEADER), secret)
    number = unquote(shop_id)
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise UnknownShop("The address names no shop.")
    waits = intake.hear(listener, int(number), unquote(topic), body)
    return Response(status=200, body=json.dumps({"waiting": bool(waits)}), headers=_HEADERS)


def _refusal(status: int, message: str) -> Response:
    return Response(status=status, body=json.dumps({"error": message}), headers=_HEADERS)
