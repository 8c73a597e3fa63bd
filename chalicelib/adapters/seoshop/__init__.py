"""SEOshop's API for one shop, behind the port `ShopApi`: `SeoshopApi` in `client`."""
