"""aXML, Asperion's import format: a swappable profile, the renderer, and the reading back.

A *profile* is a folder with a declaration (``profile.toml``) and a Jinja2 template
(``orders.xml``). All that is known or guessed of the format lives there; the code here knows only
the canonical slots (`slots`) and the notations a profile may choose from (`profile`).
"""

from chalicelib.axml.checking import verify
from chalicelib.axml.loading import load_profile
from chalicelib.axml.profile import PaymentCode, Profile
from chalicelib.axml.rendering import render, unwritable

__all__ = ["PaymentCode", "Profile", "load_profile", "render", "unwritable", "verify"]
