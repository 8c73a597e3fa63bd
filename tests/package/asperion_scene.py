"""The functions that reach Asperion by its API, on moto: Asperion itself is in memory."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from chalicelib.domain.events import Actor
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    disconnect,
    turn_on,
)
from chalicelib.usecases.shop.connecting import Answer, begin_connecting, finish_connecting
from chalicelib.usecases.workspace import Workspace, open_workspace
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import DE_WILG
from tests.package.scene import Scene
from tests.unit.usecases.stage import SHOP_ID

SESSION = "session"


def goes_by_api(scene: Scene) -> None:
    """The merchant connects and turns it on; each function that delivers opens what another one has
    sealed, and renews what has ended meanwhile; the merchant ends it.
    """
    with scene.recorder.function("APIHandler"):
        _connect(scene)
    for function in ("ExportShop", "Rerun", "APIHandler"):
        for _ in ("what another function has sealed", "what has ended meanwhile"):
            with scene.recorder.function(function):
                assert _open(scene).asperion.list_vat_codes()
            scene.later(hours=2)
        scene.later(hours=-2)
    with scene.recorder.function("APIHandler"):
        assert disconnect(_open(scene), by=Actor.MERCHANT)


def _connect(scene: Scene) -> None:
    address = begin_connecting(_open(scene), SESSION)
    identity = scene.outside.asperion.identity
    back = parse_qs(urlsplit(identity.consent(address)).query)
    answer = Answer(state=back["state"][0], code=back["code"][0])
    assert finish_connecting(_open(scene), SESSION, answer).administrations
    by = Actor.MERCHANT
    chosen = choose_administration(_open(scene), DE_WILG.id, by=by, seen="")
    ended = {code.id for code in scene.outside.asperion.books.lists.vat_codes if code.valid_until}
    codes = tuple(one for one in CHOICES.vat_codes if one.code not in ended)
    choices = replace(CHOICES, vat_codes=codes)
    assert confirm_choices(_open(scene), choices, by=by, seen=chosen.version)
    connection = _open(scene).shop.connection
    assert connection is not None
    assert turn_on(_open(scene), by=by, seen=connection.version)


def _open(scene: Scene) -> Workspace:
    return open_workspace(scene.connector, SHOP_ID, is_page=scene.recorder.at_work == "APIHandler")
