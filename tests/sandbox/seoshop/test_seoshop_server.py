from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.seoshop import Config, serve
from sandbox.seoshop.signing import api_password, url_signature

KEY, SECRET = "k" * 32, "s" * 32


def test_over_real_http_it_installs_answers_and_drops_connections() -> None:
    with serve(Config(app_key=KEY, app_secret=SECRET, app_url="http://127.0.0.1:9")) as shop:
        shop.set_app_url("http://app.example/")
        url = requests.post(f"{shop.url}/_control/install", json={}, timeout=60).json()["url"]
        assert url.startswith("http://app.example/install?")
        params = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert params["signature"] == url_signature(params, SECRET)
        auth = (KEY, api_password(params["token"], SECRET))
        with shop.store.lock:
            assert shop.store.shops[184520].title == "Voorbeeldwinkel"
        answer = requests.get(f"{shop.api_url}/nl/shop.json", auth=auth, timeout=60)
        assert answer.json()["shop"]["title"] == "Voorbeeldwinkel"
        assert answer.headers["X-RateLimit-Remaining"] == "299/2999/11999"
        requests.post(f"{shop.url}/_control/faults", json={"kind": "reset", "count": 1}, timeout=60)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{shop.api_url}/nl/shop.json", auth=auth, timeout=60)
        answer = requests.get(f"{shop.api_url}/nl/shop.json", auth=auth, timeout=60)
        assert answer.status_code == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(shop.url, timeout=60)
