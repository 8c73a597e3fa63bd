"""Take the pictures of the help pages and of the README anew: ``make pictures``.

No server and no stack: the browser's requests are answered in this process.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from playwright.sync_api import Browser, Route

from chalicelib.web.pages.help_pictures import LISTED, PICTURES, TakenPicture
from tests.browser.pictures import OF_HELP, OF_README, PUBLIC_URL, PicturedShop, Scene
from tools.build import ROOT
from tools.catalogues import compile_catalogues
from tools.chromium import chromium

IN_README = ROOT / "docs" / "pictures"
SHARPNESS = 1.5  # pixels of a picture for one of the page
QUALITY = 78


def main() -> None:
    """Take every picture, and list those of the help pages."""
    compile_catalogues()
    for folder in (PICTURES, IN_README):
        folder.mkdir(parents=True, exist_ok=True)
        for former in folder.glob("*.webp"):
            former.unlink()
    with chromium() as browser:
        taken = {scene.name: take_picture(browser, scene, PICTURES) for scene in OF_HELP}
        in_readme = {scene.name: take_picture(browser, scene, IN_README) for scene in OF_README}
    write_list(LISTED, taken)
    write_list(IN_README / "pictures.json", in_readme)
    total = sum(path.stat().st_size for path in PICTURES.glob("*.webp"))
    print(f"{len(taken)} pictures of the help pages, {total // 1000} kB; {len(in_readme)} others.")


def write_list(path: Path, taken: dict[str, TakenPicture]) -> None:
    """Write down what was taken."""
    content = msgspec.json.encode({name: asdict(one) for name, one in sorted(taken.items())})
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


def take_picture(browser: Browser, scene: Scene, folder: Path) -> TakenPicture:
    """Take one picture into a folder, as WebP."""
    shop, path = scene.open()
    context = browser.new_context(
        viewport={"width": scene.width, "height": scene.height},
        device_scale_factor=SHARPNESS,
        color_scheme="light",
        reduced_motion="reduce",
        locale="nl-NL",
    )
    page = context.new_page()
    page.route(f"{PUBLIC_URL}/**", lambda route: answer(route, shop))
    page.goto(f"{PUBLIC_URL}{path}")
    box = page.locator(scene.part).first.bounding_box()
    assert box is not None, scene
    height = min(int(box["height"]), scene.height)
    clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": height, "scale": 1}
    wanted: Any = {"format": "webp", "quality": QUALITY, "clip": clip}
    shot = context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    context.close()
    content = base64.b64decode(shot["data"])
    (folder / f"{scene.name}.webp").write_bytes(content)
    return TakenPicture(
        width=int(box["width"]),
        height=height,
        page=scene.hash_page(),
        content=hashlib.sha256(content).hexdigest(),
    )


def answer(route: Route, shop: PicturedShop) -> None:
    """What the shop's pages answer."""
    parts = urlsplit(route.request.url)
    found = shop.open(parts.path or "/", dict(parse_qsl(parts.query)))
    kind = str(found.headers["Content-Type"])
    route.fulfill(status=found.status, body=found.body, content_type=kind)


if __name__ == "__main__":
    main()
