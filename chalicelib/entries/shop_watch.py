"""The watch over one shop, as a message of the export queue asks for it. It is apart from the
exports, which come hours before it and start without what only the watch needs.
"""

from __future__ import annotations

import logging

from chalicelib.errors import UnknownShop
from chalicelib.logs import explain_error
from chalicelib.run_reports import log_watch
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.operating.morning_mail import mail_morning
from chalicelib.usecases.operating.threshold import renew_figure

log = logging.getLogger(__name__)


def look_after_shop(connector: Connector, shop_id: int) -> None:
    """Watch over a shop; then bring its figures up to date and send its mail of the morning, also
    where the watch failed. Raises what the watch raises.
    """
    try:
        log_watch(watch_shop(connector, shop_id))
    finally:
        _renew_threshold(connector, shop_id)
        _mail_morning(connector, shop_id)
        try_to_renew_health(connector, shop_id)


def _renew_threshold(connector: Connector, shop_id: int) -> None:
    """Add up how near the shop is to the threshold for sales to other member states. What goes
    wrong with it is logged, and no more: the next night adds up anew.
    """
    try:
        renew_figure(connector, shop_id)
    except UnknownShop:
        return
    except Exception as error:
        log.error("no distance sales", extra={"shop_id": shop_id, **explain_error(error)})


def _mail_morning(connector: Connector, shop_id: int) -> None:
    """Send the merchant's mail of the morning. What goes wrong with it is logged, and no more: no
    night is done again for a mail.
    """
    try:
        sending = mail_morning(connector, shop_id)
    except UnknownShop:
        return
    except Exception as error:
        log.error("no morning mail", extra={"shop_id": shop_id, **explain_error(error)})
        return
    if sending is not None:
        log.info("morning mail", extra={"shop_id": shop_id, "outcome": sending.value})
