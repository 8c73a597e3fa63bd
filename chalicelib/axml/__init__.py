"""aXML, Asperion's import format: a swappable profile, the renderer, and the reading back.

A *profile* is a folder with a declaration (``profile.toml``) and a Jinja2 template
(``orders.xml``). All that is known or guessed of the format lives there; the code here knows only
invoices, the choices a profile has (`declaration`) and the filters its template uses (`notation`).
"""

from chalicelib.axml.checking import verify
from chalicelib.axml.declaration import PaymentCode
from chalicelib.axml.rendering import Profile, find_unwritable, load_profile, render

__all__ = ["PaymentCode", "Profile", "find_unwritable", "load_profile", "render", "verify"]
