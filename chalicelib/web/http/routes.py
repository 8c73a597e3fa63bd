"""The routes of all pages. `app.py` registers them; `pages.dispatch` imports their handlers.

Handlers are named and not imported, because the webhook's Lambda loads this list too and must start
without Jinja2.
"""

from __future__ import annotations

from typing import NamedTuple

ANY_ADDRESS = "/{proxy+}"
"""What API Gateway calls every address that no other route has, slashes and all; also one that
another route has, with a method that it does not take. The root is not among them.
"""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Route(NamedTuple):
    """One path of the API."""

    path: str
    name: str
    purpose: str


ROUTES = (
    Route("/", "overview", "The merchant's overview."),
    Route("/install", "install", "The AppCenter's Success URL, and the form that follows."),
    Route("/install/{step}", "install_step", "One page of the installation."),
    Route("/switch", "switch", "Whether to go on in another shop."),
    Route("/sign-out", "sign_out", "Sign out."),
    Route("/cancel", "cancel", "The AppCenter's Cancel URL."),
    Route("/uninstall", "uninstall", "The AppCenter's Uninstall URL."),
    Route("/settings", "settings", "What is chosen, one line a subject."),
    Route("/settings/history", "history", "The changes of the choices, and taking one back."),
    Route("/settings/mail", "mail", "Which mail there is, and where it goes."),
    Route("/unsubscribe", "unsubscribe", "A mail's link that switches mail off."),
    Route("/confirm-address", "confirm_address", "A mail's link that confirms an address."),
    Route("/settings/{subject}", "subject", "The choices of one subject."),
    Route("/licence", "licence", "Change the licence code, in two steps."),
    Route("/orders/{number}", "order", "An order's biography, and what may be done about it."),
    Route("/orders/{number}/invoice", "order_invoice", "How an order comes into Asperion."),
    Route("/try-out", "try_out", "Orders as they would be booked, before anything is sent."),
    Route("/files", "files", "Every file, by day."),
    Route("/find", "find", "Find an order by what one remembers of it."),
    Route("/files/{name}", "file", "A file and the orders in it."),
    Route("/files/{name}/download", "download", "A file made once more, for an import by hand."),
    Route("/days/{day}/totals.csv", "day_totals", "A day's totals, for a spreadsheet."),
    Route("/days/{day}", "day", "A day's statement, and the orders behind it."),
    Route("/vat", "vat", "The VAT sheet of a period."),
    Route("/vat/sheet.csv", "vat_csv", "The VAT sheet, for a spreadsheet."),
    Route("/vat/sheet.xlsx", "vat_xlsx", "The VAT sheet as a workbook."),
    Route("/vat/oss", "oss", "The one-stop-shop return, or how near its threshold is."),
    Route("/vat/oss.csv", "oss_csv", "The one-stop-shop return, for a spreadsheet."),
    Route("/vat/icp", "icp", "Supplies to businesses in other EU countries, with their proof."),
    Route("/vat/icp.csv", "icp_csv", "That list as the tax authority's form has it."),
    Route("/vat/icp.xlsx", "icp_xlsx", "The same as a workbook."),
    Route("/held", "held", "Release a group of held orders."),
    Route("/changed", "changed", "Resolve a group of orders that changed after delivery."),
    Route("/addresses", "addresses", "Put the notice of shared e-mail addresses away."),
    Route("/pause", "pause", "Stop exporting for now."),
    Route("/resume", "resume", "Go on exporting."),
    Route(
        "/migration", "migration", "Move orders from before the connector, and see how far it is."
    ),
    Route("/vat/payments", "payments", "What was booked by payment method and day."),
    Route("/vat/payments.csv", "payments_csv", "The payments, for a spreadsheet."),
    Route("/journal", "journal", "The closed days in a row, each with its hash."),
    Route("/journal/download", "journal_download", "The journal, to take along."),
    Route("/verify", "verify", "Check a journal that was downloaded; for anyone."),
    Route("/lock", "lock", "Close a period, so that nothing is booked in it, or open it again."),
    Route("/leave", "leave", "How to leave, and what to take along."),
    Route("/leave/{table}", "leave_table", "What is kept, as a table to take along."),
    Route("/static/{name}", "static", "The pages' style sheet and pictures."),
    Route("/seats", "seats", "Which bookkeepers may look along, and what they may do."),
    Route("/clients", "clients", "All shops of a bookkeeper, the worst first."),
    Route("/clients/invitation", "invitation", "Accept an invitation as a bookkeeper."),
    Route("/clients/sign-in", "sign_in", "Ask for a link to sign in as a bookkeeper."),
    Route("/clients/enter", "enter", "A mail's link that signs a bookkeeper in."),
    Route("/clients/sign-out", "clients_sign_out", "Sign out as a bookkeeper."),
    Route("/help", "help", "The manual's chapters, and a search through it."),
    Route("/help/{chapter}", "help_chapter", "A chapter of the manual."),
    Route("/health", "health", "Whether the app answers; no secrets."),
)
HANDLERS = {
    ("GET", "/"): "overview_page:render_overview",
    ("GET", "/install"): "arrival_page:receive_merchant",
    ("POST", "/install"): "install_pages:install_at_once",
    ("GET", "/install/{step}"): "install_pages:show_step",
    ("POST", "/install/{step}"): "install_pages:save_step",
    ("GET", "/switch"): "arrival_page:ask_about_shop",
    ("POST", "/switch"): "arrival_page:switch_shop",
    ("GET", "/sign-out"): "sign_out_page:say_signed_out",
    ("POST", "/sign-out"): "sign_out_page:sign_out",
    ("GET", "/cancel"): "leave_pages:cancel_app",
    ("GET", "/uninstall"): "leave_pages:uninstall_app",
    ("GET", "/settings"): "settings_page:show_settings",
    ("POST", "/settings"): "settings_page:save_settings",
    ("GET", "/settings/history"): "choice_history_page:render_history",
    ("POST", "/settings/history"): "choice_history_page:take_back",
    ("GET", "/settings/mail"): "mail_page:render_mail",
    ("POST", "/settings/mail"): "mail_page:save_mail",
    ("GET", "/unsubscribe"): "mail_links:ask_to_unsubscribe",
    ("POST", "/unsubscribe"): "mail_links:change_subscription",
    ("GET", "/confirm-address"): "mail_links:ask_to_confirm",
    ("POST", "/confirm-address"): "mail_links:confirm",
    ("GET", "/settings/{subject}"): "subject_page:render_subject",
    ("POST", "/settings/{subject}"): "subject_page:save_subject",
    ("GET", "/licence"): "licence_page:render_licence",
    ("POST", "/licence"): "licence_page:save_licence",
    ("GET", "/orders/{number}"): "order_page:render_order",
    ("POST", "/orders/{number}"): "order_page:change_order",
    ("GET", "/orders/{number}/invoice"): "try_out_page:render_order_invoice",
    ("GET", "/try-out"): "try_out_page:render_try_out",
    ("GET", "/files"): "files_page:render_files",
    ("GET", "/find"): "find_page:find_orders",
    ("POST", "/find"): "find_page:look_up_order",
    ("GET", "/files/{name}"): "file_page:render_file",
    ("POST", "/files/{name}"): "file_page:change_file",
    ("GET", "/files/{name}/download"): "file_download_page:send_file",
    ("GET", "/days/{day}/totals.csv"): "day_totals:send_totals",
    ("GET", "/days/{day}"): "day_page:render_day",
    ("GET", "/vat"): "vat_page:render_vat",
    ("GET", "/vat/sheet.csv"): "vat_downloads:send_table",
    ("GET", "/vat/sheet.xlsx"): "vat_downloads:send_book",
    ("GET", "/vat/oss"): "oss_page:render_oss",
    ("GET", "/vat/oss.csv"): "oss_page:send_oss",
    ("GET", "/vat/icp"): "icp_page:render_icp",
    ("GET", "/vat/icp.csv"): "icp_page:send_icp_table",
    ("GET", "/vat/icp.xlsx"): "icp_page:send_icp_book",
    ("POST", "/held"): "held_groups:release_group",
    ("POST", "/changed"): "changed_groups:resolve_group",
    ("POST", "/addresses"): "overview_page:put_notice_away",
    ("POST", "/pause"): "overview_page:pause_exports",
    ("POST", "/resume"): "overview_page:resume_exports",
    ("GET", "/migration"): "migration_page:render_migration",
    ("POST", "/migration"): "migration_page:change_migration",
    ("GET", "/vat/payments"): "payments_page:render_payments",
    ("GET", "/vat/payments.csv"): "payments_page:send_payments",
    ("GET", "/journal"): "journal_page:render_journal",
    ("GET", "/journal/download"): "journal_page:send_journal",
    ("GET", "/verify"): "verify_page:render_verify",
    ("POST", "/verify"): "verify_page:verify_journal",
    ("GET", "/lock"): "lock_page:render_lock",
    ("POST", "/lock"): "lock_page:save_lock",
    ("GET", "/leave"): "leave_page:render_leave",
    ("POST", "/leave"): "leave_page:change_leave",
    ("GET", "/leave/{table}"): "leave_page:send_table",
    ("GET", "/static/{name}"): "static_files:send_file",
    ("GET", "/seats"): "seats_page:render_seats",
    ("POST", "/seats"): "seats_page:change_seats",
    ("GET", "/clients/invitation"): "invitation_page:show_invitation",
    ("POST", "/clients/invitation"): "invitation_page:answer_invitation",
    ("GET", "/clients/sign-in"): "sign_in_page:show_sign_in",
    ("POST", "/clients/sign-in"): "sign_in_page:request_link",
    ("GET", "/clients/enter"): "sign_in_page:show_link",
    ("POST", "/clients/enter"): "sign_in_page:enter",
    ("GET", "/clients/sign-out"): "sign_in_page:say_bookkeeper_signed_out",
    ("POST", "/clients/sign-out"): "sign_in_page:sign_bookkeeper_out",
    ("GET", "/clients"): "clients_page:render_clients",
    ("GET", "/help"): "help_page:render_help",
    ("GET", "/help/{chapter}"): "help_page:render_chapter",
    ("GET", "/health"): "health_page:report_health",
}
"""Method and path, and ``module:function`` in `web.pages`."""

CALLBACKS = frozenset({"/install", "/cancel", "/uninstall"})
"""The addresses that SEOshop calls by GET although that changes something."""
