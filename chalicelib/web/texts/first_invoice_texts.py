"""What a merchant reads who sends an order again whose first invoice is in Asperion, or may be."""

from __future__ import annotations

from chalicelib.usecases.operating.first_invoices import FirstInvoice
from chalicelib.web.texts.localisation import Msgids

FIRSTS: Msgids[FirstInvoice] = {
    FirstInvoice.CONCEPT: (
        "Asperion still shows the first invoice of this order, as a draft. Delete it there "
        "first, and send the order again after that: then nothing counts twice."
    ),
    FirstInvoice.DEFINITIVE: (
        "The first invoice of this order is definitive in Asperion, so it cannot be deleted there "
        "any more. Credit it first; otherwise the sale counts twice."
    ),
    FirstInvoice.UNKNOWN: (
        "Asperion does not answer just now, so it is not known whether the first invoice is still "
        "there. Try again later, or look in Asperion yourself."
    ),
}
