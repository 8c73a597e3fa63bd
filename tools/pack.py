"""Compile a folder and pack it for Lambda: ``python tools/pack.py FOLDER ZIP``.

Runs on the Python that the package is for (`tools.build`), and on its standard library alone.
"""

import compileall
import py_compile
import re
import sys
import zipfile
from pathlib import Path

STAMP = (1980, 1, 1, 0, 0, 0)
SERVED = "templates"
"""A module in it is a file that a page hands out; it stays a source."""


def pack(tree: Path, archive: Path) -> None:
    """Compile every module in `tree` and write all of it into `archive`, in fixed order and with
    fixed stamps. `/var/task`, where Lambda lays it, is read-only: what is not compiled here is
    compiled at every cold start. Of a module its bytecode ships alone, in its source's place:
    that is half the size, and a start looks for one file. Errors still name files and lines.
    """
    compiled = compileall.compile_dir(
        tree,
        maxlevels=99,
        force=True,
        quiet=1,
        stripdir=tree,
        prependdir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        legacy=True,
        rx=re.compile(f"^{re.escape(str(tree / SERVED))}"),
    )
    if not compiled:
        raise SystemExit("A module does not compile: see above.")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(path for path in tree.rglob("*") if path.is_file()):
            if file.suffix == ".py" and file.with_suffix(".pyc").exists():
                continue
            info = zipfile.ZipInfo(file.relative_to(tree).as_posix(), STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            packed.writestr(info, file.read_bytes())


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
