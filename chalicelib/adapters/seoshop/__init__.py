"""SEOshop's API for one shop, behind the port `ShopApi`: `SeoshopApi` in `client`."""

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.client import SeoshopApi

__all__ = ["PairsInTurn", "SeoshopApi"]
