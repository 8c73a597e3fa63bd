"""The routes of all pages. `app.py` registers them; `pages.dispatch` imports their handlers.

Handlers are named and not imported, because the webhook's Lambda loads this list too and must start
without Jinja2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One path of the API. `handlers` maps an HTTP method to ``module:function`` in `web.pages`."""

    path: str
    name: str
    purpose: str
    handlers: Mapping[str, str]


ROUTES = (
    Route("/", "overview", "The merchant's overview.", {"GET": "overview_page:render_overview"}),
    Route(
        "/install",
        "install",
        "The AppCenter's Success URL, and the form it shows.",
        {"GET": "settings_page:start_installation", "POST": "settings_page:save_settings"},
    ),
    Route("/cancel", "cancel", "The AppCenter's Cancel URL.", {"GET": "leave_pages:cancel_app"}),
    Route(
        "/uninstall",
        "uninstall",
        "The AppCenter's Uninstall URL.",
        {"GET": "leave_pages:uninstall_app"},
    ),
    Route(
        "/settings",
        "settings",
        "Licence code, payment methods and policies.",
        {"GET": "settings_page:render_settings", "POST": "settings_page:save_settings"},
    ),
    Route(
        "/orders/{number}",
        "order",
        "An order's biography, and what may be done about it.",
        {"GET": "order_page:render_order", "POST": "order_page:change_order"},
    ),
    Route(
        "/files/{name}", "file", "A file and the orders in it.", {"GET": "file_page:render_file"}
    ),
    Route(
        "/days/{day}",
        "day",
        "A day's statement, and the orders behind it.",
        {"GET": "day_page:render_day"},
    ),
    Route(
        "/held", "held", "Release a group of held orders.", {"POST": "held_groups:release_group"}
    ),
    Route("/pause", "pause", "Stop exporting for now.", {"POST": "overview_page:pause_exports"}),
    Route("/resume", "resume", "Go on exporting.", {"POST": "overview_page:resume_exports"}),
    Route("/static/{name}", "static", "The pages' style sheet.", {"GET": "health_page:send_style"}),
    Route(
        "/health",
        "health",
        "Whether the app answers; no secrets.",
        {"GET": "health_page:report_health"},
    ),
)
HANDLERS: Mapping[tuple[str, str], str] = {
    (method, route.path): handler for route in ROUTES for method, handler in route.handlers.items()
}
