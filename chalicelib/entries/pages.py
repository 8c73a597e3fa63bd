"""The pages, and every address that has none."""

from __future__ import annotations

import logging
from typing import Any

from chalicelib import bootstrap, figures
from chalicelib.logs import explain_error
from chalicelib.web.http.http_messages import Response, read_request
from chalicelib.web.http.security_headers import make_broken_page
from chalicelib.web.pages.dispatch import answer_request

log = logging.getLogger(__name__)


def answer_page(request: Any) -> Response:
    """The response to Chalice's request for a page. Never raises: Chalice would log the error."""
    try:
        asked = read_request(request)
        answer = answer_request(bootstrap.open_page_connector(), asked)
        figures.count_refusal(asked, answer)
    except Exception as error:
        log.error("no page", extra=explain_error(error))
        return make_broken_page()
    return answer
