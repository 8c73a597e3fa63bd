"""Compile the gettext catalogues: ``python -m tools.catalogues``. They are not committed."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages import mofile, pofile

LOCALE = Path(__file__).resolve().parents[1] / "templates" / "locale"


def compile_catalogues(folder: Path = LOCALE) -> None:
    """Compile every catalogue under `folder` beside its source. Each is put in place in one go, for
    those who read it meanwhile; what was compiled from a source that is gone is removed.
    """
    for compiled in folder.rglob("*.mo"):
        if not compiled.with_suffix(".po").exists():
            compiled.unlink()
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, abort_invalid=True)
        fresh = source.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as binary:
            mofile.write_mo(binary, catalogue)
        fresh.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_catalogues()
