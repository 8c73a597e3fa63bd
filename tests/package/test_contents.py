"""What is in the zip, and what is not."""

from __future__ import annotations

from pathlib import Path

from tools.build import ROOT, SERVICES

MEGABYTE = 1_000_000


def sources(folder: str, pattern: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_template_profile_and_catalogue_is_in_it(names: set[str]) -> None:
    for folder in ("templates/pages", "templates/axml", "templates/static", "templates/help"):
        assert sources(folder, "*"), folder
        assert sources(folder, "*") <= names
    assert sources("templates/locale", "*.mo") <= names
    assert {path.removesuffix(".po") for path in sources("templates/locale", "*.po")} == {
        path.removesuffix(".mo") for path in names if path.endswith(".mo")
    }


def test_every_module_is_in_it_and_compiled(names: set[str]) -> None:
    modules = sources("chalicelib", "*.py") | {"app.py"}
    assert modules <= names
    compiled = {name for name in names if name.endswith(".pyc")}
    for module in modules:
        path = Path(module)
        assert any(
            name.startswith(f"{(path.parent / '__pycache__' / path.stem).as_posix()}.")
            for name in compiled
        ), module


def test_nothing_superfluous_is_in_it(names: set[str]) -> None:
    packages = {name.split("/")[0] for name in names}
    superfluous = {
        *("pip", "setuptools", "wheel", "pytest", "moto", "flask", "playwright", "mypy"),
        *("tests", "sandbox", "tools", "vendor", "click", "boto3_stubs", "botocore_stubs"),
    }
    assert not packages & superfluous
    assert not [name for name in names if name.startswith("chalice/cli/")]
    assert {name for name in names if name.startswith("chalice/") and name.endswith(".py")} == {
        "chalice/__init__.py",
        "chalice/app.py",
    }
    assert not [name for name in names if name.endswith((".po", ".pyi", ".DS_Store"))]
    assert not names & {"stdnum/oui.dat", "stdnum/imsi.dat"}
    assert not [name for name in names if "/tests/" in name]


def test_only_models_of_services_in_use_are_in_it(names: set[str]) -> None:
    models = {
        name.split("/")[2] for name in names if name.startswith("botocore/data/") and "-" in name
    }
    assert {name for name in models if not name.endswith((".json", ".gz"))} == set(SERVICES)


def test_it_is_small(archive: Path) -> None:
    assert archive.stat().st_size < 13 * MEGABYTE
