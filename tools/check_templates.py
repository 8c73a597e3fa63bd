"""Check what Python's tools do not see: every template compiles, every profile loads, every
catalogue is complete, and the stack's template pleases CloudFormation's linter.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jinja2
from babel.messages import pofile

from chalicelib.axml import load_profile
from tools.build import ROOT, package_code
from tools.target import Target

TEMPLATES = ROOT / "templates"
PAGES = TEMPLATES / "pages"


def main() -> None:
    """Print what is wrong and exit with 1, or say what was checked."""
    wrong = [*_pages(), *_profiles(), *_catalogues(), *_stack()]
    if wrong:
        raise SystemExit("\n".join(wrong))
    print("Templates, profiles, catalogues and the stack are sound.")


def _pages() -> list[str]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    wrong = []
    for template in sorted(PAGES.rglob("*.html")):
        try:
            environment.get_template(template.relative_to(PAGES).as_posix())
        except jinja2.TemplateSyntaxError as error:
            wrong.append(f"{_name(template)}:{error.lineno}: {error.message}")
    return wrong


def _profiles() -> list[str]:
    wrong = []
    for folder in sorted((TEMPLATES / "axml").iterdir()):
        try:
            load_profile(folder)
        except Exception as error:
            wrong.append(f"{_name(folder)}: {error}")
    return wrong


def _catalogues() -> list[str]:
    """A Dutch text for every English one."""
    wrong = []
    for source in sorted((TEMPLATES / "locale" / "nl").rglob("*.po")):
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, abort_invalid=True)
        wrong += [
            f"{_name(source)}:{message.lineno}: no translation of {str(message.id)[:60]!r}"
            for message in catalogue
            if message.id and (not message.string or message.fuzzy)
        ]
    return wrong


def _stack() -> list[str]:
    linter = Path(sys.executable).with_name("cfn-lint")
    with tempfile.TemporaryDirectory() as folder:
        package_code("prod", Target.from_settings(os.environ), Path(folder))
        done = subprocess.run(
            [str(linter), "--", str(Path(folder, "sam.yaml"))],
            capture_output=True,
            text=True,
            check=False,
        )
    return [done.stdout.strip() or done.stderr.strip()] if done.returncode else []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
