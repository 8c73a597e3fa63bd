"""The settings at a glance: what is chosen now, one line a subject, and where to change it."""

from __future__ import annotations

from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.subject_words import describe_subject
from chalicelib.web.texts.settings_subjects import SUBJECTS


def render_settings(call: Call, *, banner: str = "", status: int = 200) -> Response:
    """The page; with a `banner` (a text, its English source) that something is still to be done."""
    policy, words = call.shop.policy, call.words
    return call.render_with_notice(
        "settings.html",
        status=status,
        banner=banner,
        has_mail=call.connector.post is not None,
        masked=call.shop.masked_licence,
        subjects=[(each, describe_subject(each, policy, words)) for each in SUBJECTS],
    )
