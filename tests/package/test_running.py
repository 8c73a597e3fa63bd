"""The zip in an empty environment: no packages but its own, no settings but those given, nothing
to write to. Local AWS does not prove this: its Lambdas see packages of their own interpreter.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.package.conftest import SETTINGS
from tools.pruning import OPERATIONS

REQUEST = """
import json, sys
import app
event = {
    "resource": %(resource)r, "path": %(path)r, "httpMethod": %(method)r, "headers": %(headers)r,
    "multiValueHeaders": {k: [v] for k, v in %(headers)r.items()},
    "queryStringParameters": None, "multiValueQueryStringParameters": None,
    "pathParameters": %(params)r, "stageVariables": None, "body": %(body)r,
    "isBase64Encoded": False,
    "requestContext": {"httpMethod": %(method)r, "resourcePath": %(resource)r, "stage": "api",
                       "identity": {"sourceIp": "127.0.0.1"}, "path": %(path)r},
}
answer = app.app(event, None)
print(json.dumps({"answer": answer, "modules": sorted(sys.modules)}))
"""


def request(resource: str, method: str = "GET", **params: str) -> str:
    body = "{}" if method == "POST" else None
    return REQUEST % {
        "resource": resource,
        "path": resource.format(**params),
        "method": method,
        "headers": {"content-type": "application/json", "x-signature": "0" * 32},
        "params": params or None,
        "body": body,
    }


def test_it_answers_health(run: Any) -> None:
    answer = run(request("/health"))["answer"]

    assert answer["statusCode"] == 200
    for secret in ("SEOSHOP_APP_SECRET", "SESSION_SECRET", "SEOSHOP_APP_KEY"):
        assert SETTINGS[secret] not in answer["body"]


def test_it_shows_its_pages_from_its_own_templates(run: Any) -> None:
    answer = run(request("/install"))["answer"]

    assert answer["statusCode"] == 401
    assert answer["headers"]["Content-Type"].startswith("text/html")
    assert 'lang="nl"' in answer["body"] or 'lang="en"' in answer["body"]


def test_a_webhook_is_refused_without_template_engine_and_http_client(run: Any) -> None:
    seen = run(
        request("/webhooks/{shop_id}/{topic}", "POST", shop_id="184520", topic="orders-paid")
    )

    assert seen["answer"]["statusCode"] == 401
    packages = {name.split(".")[0] for name in seen["modules"]}
    assert "chalicelib" in packages
    assert not {"jinja2", "requests", "markupsafe", "itsdangerous", "stdnum"} & packages


def test_rerun_refuses_what_it_does_not_know(run: Any) -> None:
    said = run(
        """
import json
import app
try:
    app.rerun({"shop_id": 184520, "shopid": 1}, None)
except Exception as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""
    )

    assert said[0] == "RequestError"
    assert "shopid" in said[1]


def test_a_missing_setting_is_named(run: Any) -> None:
    said = run(
        """
import json
import app
try:
    app.rerun({"shop_id": 184520}, None)
except Exception as error:
    print(json.dumps([type(error).__name__, str(error)]))
""",
        ASPERION_INBOX_URL="",
    )

    assert said[0] == "SettingsError"
    assert "ASPERION_INBOX_URL" in said[1]


def test_the_webhook_function_needs_less_and_names_what_it_misses(run: Any) -> None:
    needs_less = run(
        request("/webhooks/{shop_id}/{topic}", "POST", shop_id="184520", topic="orders-paid"),
        ASPERION_INBOX_URL="",
        SESSION_SECRET="",
    )
    assert needs_less["answer"]["statusCode"] == 401

    said = run(
        """
import json
from chalicelib import hook
try:
    hook.open_parts()
except Exception as error:
    print(json.dumps([type(error).__name__, str(error)]))
""",
        TABLE_PREFIX="",
    )
    assert said[0] == "SettingsError"
    assert "TABLE_PREFIX" in said[1]


def test_every_profile_in_it_loads(run: Any) -> None:
    names = run(
        """
import json
from pathlib import Path
import app, chalicelib
from chalicelib.axml import load_profile
folder = Path(app.__file__).parent / "templates" / "axml"
names = [each.name for each in folder.iterdir()]
for name in names:
    load_profile(folder / name)
print(json.dumps(names))
"""
    )

    assert "reconstructed-1.4" in names


@pytest.mark.parametrize("service", OPERATIONS)
def test_a_client_of_every_service_in_use_can_be_made(run: Any, service: str) -> None:
    code = f"""
import json
from chalicelib.adapters.aws_clients import make_client
print(json.dumps(sorted(make_client({service!r}).meta.service_model.operation_names)))
"""
    assert run(code) == sorted(OPERATIONS[service])


def test_nothing_comes_from_outside_the_zip(run: Any, tree: Path) -> None:
    own, homes = run(
        """
import importlib, json, pkgutil, sys
import app, chalicelib.entries, chalicelib.hook
for each in pkgutil.iter_modules(chalicelib.entries.__path__, "chalicelib.entries."):
    importlib.import_module(each.name)
homes = [m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)]
print(json.dumps([[sys.base_prefix, sys.base_exec_prefix], homes]))
"""
    )
    strangers = [
        home for home in homes if not home.startswith((str(tree), *own, "/usr/lib/python"))
    ]
    assert strangers == []
    assert not [home for home in homes if "site-packages" in home or "dist-packages" in home]
