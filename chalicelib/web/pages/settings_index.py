"""The settings at a glance: what is chosen now, one line a subject, and where to change it."""

from __future__ import annotations

from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.connect_steps import (
    ConnectProgress,
    ConnectState,
    describe_progress,
    read_progress,
)
from chalicelib.web.pages.subject_words import describe_subject
from chalicelib.web.texts.settings_subjects import SUBJECTS


def render_settings(call: Call, *, banner: str = "", status: int = 200) -> Response:
    """The page; with a `banner` (a text, its English source) that something is still to be done."""
    policy, words = call.shop.policy, call.words
    progress = read_progress(call)
    return call.render_with_notice(
        "settings.html",
        status=status,
        banner=banner,
        has_mail=call.connector.post is not None,
        masked=call.shop.masked_licence,
        connecting=_describe_connecting(call, progress),
        is_connecting=progress.state is not ConnectState.NONE,
        subjects=[(each, describe_subject(each, policy, words)) for each in SUBJECTS],
    )


def _describe_connecting(call: Call, progress: ConnectProgress) -> str:
    """How the connection with Asperion stands; empty where none is offered, or ever was made."""
    is_offered = progress.state is not ConnectState.NOT_OFFERED
    return describe_progress(call, progress) if is_offered or progress.is_on else ""
