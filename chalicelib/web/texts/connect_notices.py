"""What the pages of the connection with Asperion say after an action, once."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from chalicelib.web.texts.connect_texts import OBSTACLES
from chalicelib.web.texts.notice_texts import NoticeText

CAME_BACK = "connected_again"


def find_refusal_notice(obstacle: ConnectObstacle) -> str:
    """The kind of the notice that says why there is no connection, or why it is as it was."""
    return f"connect_{obstacle.name.lower()}"


def _refuse(obstacle: ConnectObstacle) -> NoticeText:
    if obstacle is ConnectObstacle.USED:
        return NoticeText("You are back from Asperion", text=OBSTACLES[obstacle])
    return NoticeText("The connection was not made", text=OBSTACLES[obstacle], is_good=False)


CONNECT_NOTICES: Mapping[str, NoticeText] = {
    CAME_BACK: NoticeText(
        "You are connected again",
        text="What you chose is as it was. Orders that waited go with the next delivery.",
    ),
    "connect_unanswered": NoticeText(
        "Asperion does not answer",
        text="Nothing was changed. Try again in a few minutes.",
        is_good=False,
    ),
    "choices_confirmed": NoticeText("Your choices for Asperion are saved"),
    "choices_gone": NoticeText(
        "Something that you chose is no longer in Asperion",
        text="It was not turned on. Look at the choices again.",
        is_good=False,
    ),
    "api_off": NoticeText(
        "A file is made again every night",
        text="Your connection and your choices are kept.",
    ),
    "disconnected": NoticeText("The connection with Asperion is ended"),
    **{find_refusal_notice(each): _refuse(each) for each in ConnectObstacle},
}
