"""Invoices, totals and files as plain data for JSON.

Amounts are strings with two decimals ("-12.10"), rates strings in per cent with two decimals
("21.00"), dates yyyy-mm-dd, times ISO 8601 in UTC; what is not there is null.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.asperion.administration_state import SyncReport
from sandbox.asperion.booked_invoices import Invoice, sum_codes, sum_excl, sum_incl
from sandbox.asperion.debtor_cards import Debtor
from sandbox.asperion.inbox_files import StoredFile
from sandbox.asperion.vat_classes import CodeTotal, RateTotal, totals_per_rate

Json = dict[str, Any]


def plain_number(value: Decimal) -> str:
    """Write a number with at least two decimals and no trailing zeros beyond those."""
    return f"{max(value.normalize(), value.quantize(Decimal('0.01')), key=_decimals):f}"


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def moment(value: datetime | None) -> str | None:
    """Write a time in UTC."""
    return value.astimezone(UTC).isoformat() if value else None


def debtor_json(debtor: Debtor) -> Json:
    """Number, kind and details of a debtor."""
    return {"number": debtor.number, "kind": debtor.kind, **asdict(debtor.details)} | {
        "id": debtor.id,
        "blocked": debtor.is_blocked,
        "number_in_file": debtor.details.number,
        "number": debtor.number,
        "display_name": debtor.details.display_name,
    }


def rate_json(total: RateTotal) -> Json:
    """Totals of one rate, kind and country."""
    return {
        "rate": plain_number(total.rate),
        "kind": total.kind or None,
        "country": total.country or None,
        "excl": str(total.excl),
        "vat": str(total.vat),
        "incl": str(total.incl),
        "lines": total.lines,
    }


def code_json(total: CodeTotal) -> Json:
    """Totals of one VAT code; null where a person has to choose it."""
    return {
        "code": total.code or None,
        "excl": str(total.excl),
        "vat": str(total.vat),
        "incl": str(total.incl),
        "lines": total.lines,
    }


def books_json(invoices: Sequence[Invoice]) -> list[Json]:
    """What the books say whichever way invoices came in, to compare both ways: an object for each
    invoice and VAT code, without ids, in an order of its own.
    """
    rows = [
        {
            "date": invoice.date.isoformat(),
            "description": invoice.order.description,
            "debtor": invoice.debtor.details.email.strip().casefold(),
            "payment": invoice.payment_method.casefold(),
            "journal": invoice.journal,
            "status": invoice.status,
            "code": total.code or None,
            "excl": str(total.excl),
            "vat": str(total.vat),
        }
        for invoice in invoices
        for total in invoice.code_totals
    ]
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def _lines_json(invoice: Invoice) -> list[Json]:
    return [
        {
            "number": line.number,
            "article_code": line.article_code,
            "description": line.description,
            "quantity": plain_number(line.quantity),
            "unit_excl": None if line.unit_excl is None else plain_number(line.unit_excl),
            "unit_incl": None if line.unit_incl is None else plain_number(line.unit_incl),
            "rate": plain_number(line.rate),
            "vat_class": invoice.vat_class(line),
            "vat_class_in_file": line.vat_class or None,
            "vat_kind": line.vat_kind or None,
            "vat_country": line.vat_country or None,
            "vat_code": vat_code or None,
            "account": account,
            "sales_type": sales_type or None,
            "excl": str(line.excl),
            "vat": str(line.vat),
            "incl": str(line.incl),
        }
        for line, sales_type, vat_code, account in zip(
            invoice.order.lines,
            invoice.sales_types,
            invoice.vat_codes,
            invoice.accounts,
            strict=True,
        )
    ]


def invoice_json(invoice: Invoice) -> Json:
    """Everything known of one invoice."""
    return {
        "id": invoice.id,
        "number": invoice.number,
        "status": invoice.status,
        "stage": invoice.stage,
        "order_number": invoice.order.number or None,
        "description": invoice.order.description,
        "remark": invoice.order.remark,
        "date": invoice.date.isoformat(),
        "period": f"{invoice.date:%m-%Y}",
        "payment_code": invoice.order.payment_code or None,
        "payment_method": invoice.payment_method,
        "journal": invoice.journal,
        "file": invoice.file or None,
        "way": "file" if invoice.file else "api",
        "attachments": list(invoice.attachments),
        "imported": moment(invoice.imported_at),
        "credit": invoice.is_credit,
        "deviations": list(invoice.deviations),
        "excl": str(invoice.excl),
        "vat": str(invoice.vat),
        "incl": str(invoice.incl),
        "totals": [rate_json(total) for total in invoice.totals],
        "codes": [code_json(total) for total in invoice.code_totals],
        "debtor": debtor_json(invoice.debtor),
        "lines": _lines_json(invoice),
    }


def totals_json(invoices: Sequence[Invoice]) -> Json:
    """Grand totals, totals per rate, kind and country, and totals per VAT code, of invoices."""
    lines = [line for invoice in invoices for line in invoice.order.lines]
    return {
        "count": len(invoices),
        "excl": str(sum_excl(invoices)),
        "vat": str(sum((invoice.vat for invoice in invoices), Decimal("0.00"))),
        "incl": str(sum_incl(invoices)),
        "deviating": sum(1 for invoice in invoices if invoice.deviations),
        "totals": [rate_json(total) for total in totals_per_rate(lines)],
        "codes": [code_json(total) for total in sum_codes(invoices)],
    }


def file_json(stored: StoredFile) -> Json:
    """One file of the inbox, without its contents."""
    return {
        "name": stored.name,
        "state": stored.state,
        "bytes": len(stored.content),
        "sha256": stored.sha256,
        "received": moment(stored.received),
        "imported": moment(stored.imported),
        "reason": stored.reason or None,
        "invoices": stored.invoices,
    }


def report_json(report: SyncReport) -> Json:
    """What a synchronise did."""
    return {
        "files": len(report.imported),
        "invoices": report.invoices,
        "failed": [{"name": out.name, "reason": out.reason} for out in report.failed],
        "imported": [{"name": out.name, "invoices": out.invoices} for out in report.imported],
    }


def duplicates_json(groups: list[list[Invoice]]) -> Json:
    """Orders with more than one invoice, and how many invoices are too many."""
    return {
        "count": len(groups),
        "surplus": sum(len(same) - 1 for same in groups),
        "orders": [
            {
                "order_number": next((i.order.number for i in same if i.order.number), None),
                "invoices": [invoice.id for invoice in same],
                "descriptions": [invoice.order.description for invoice in same],
                "files": [invoice.file or None for invoice in same],
            }
            for same in groups
        ],
    }
