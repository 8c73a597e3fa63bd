"""What is in the zip, and what is not."""

from __future__ import annotations

from tests.building import built
from tools.build import ROOT
from tools.pruning import OPERATIONS

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


def test_every_module_is_in_it_compiled(names: set[str]) -> None:
    modules = sources("chalicelib", "*.py") | {"app.py"}
    assert {f"{module}c" for module in modules} <= names
    assert [name for name in names if name.endswith(".py")] == [
        "templates/static/verify_journal.py"
    ]


def test_nothing_superfluous_is_in_it(names: set[str]) -> None:
    packages = {name.split("/")[0] for name in names}
    superfluous = {
        *("pip", "setuptools", "wheel", "pytest", "moto", "flask", "playwright", "mypy"),
        *("tests", "sandbox", "tools", "vendor", "click", "boto3_stubs", "botocore_stubs"),
    }
    assert not packages & superfluous
    assert not [name for name in names if name.startswith("chalice/cli/")]
    assert {name for name in names if name.startswith("chalice/")} == {
        "chalice/__init__.pyc",
        "chalice/app.pyc",
    }
    assert not [name for name in names if name.endswith((".po", ".pyi", ".DS_Store"))]
    assert not names & {"stdnum/oui.dat", "stdnum/imsi.dat"}
    assert not [name for name in names if "/tests/" in name]


def test_only_models_of_services_in_use_are_in_it(names: set[str]) -> None:
    models = {
        name.split("/")[2] for name in names if name.startswith("botocore/data/") and "-" in name
    }
    assert {name for name in models if not name.endswith((".json", ".gz"))} == set(OPERATIONS)


def test_what_is_deployed_is_small() -> None:
    """The other build holds the bytecode of this machine's Python, whichever that is."""
    assert (built("prod") / "deployment.zip").stat().st_size < 6 * MEGABYTE
