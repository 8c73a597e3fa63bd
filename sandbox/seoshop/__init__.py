"""A SEOshop (Lightspeed eCom) to try the connector on: API, AppCenter, back office, webhooks.

Everything is in memory and made up. It shares no code with the connector.

    from sandbox.seoshop import Config, serve

    with serve(Config(app_key=key, app_secret=secret, app_url="http://127.0.0.1:8000")) as shop:
        print(shop.url, shop.api_url)
"""

from sandbox.seoshop.config import Config
from sandbox.seoshop.seoshop_server import RunningShop, serve

__all__ = ["Config", "RunningShop", "serve"]
