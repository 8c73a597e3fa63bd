"""From an invoice as judged to the slots a template reads."""

from __future__ import annotations

from datetime import date

from chalicelib.axml.notation import Notation, plain_domestic
from chalicelib.axml.profile import HouseNumber, Profile
from chalicelib.axml.slots import (
    AddressSlots,
    DebtorSlots,
    LineSlots,
    OrderSlots,
    TotalSlots,
    VatSlots,
)
from chalicelib.domain.invoices import Debtor, DebtorAddress, Invoice, InvoiceLine, VatTreatment


class Filler:
    """Fills slots for one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._write = Notation(profile)

    def order(self, invoice: Invoice) -> OrderSlots:
        """The slots of one invoice. Raises `RenderedWrong` where a value cannot be written."""
        write = self._write
        return OrderSlots(
            id=str(invoice.order_id),
            number=write.text("order.number", invoice.order_number),
            day=write.day(invoice.day),
            invoice_number=invoice.invoice_number or "",
            credits=invoice.credits or "",
            description=write.text("order.description", invoice.description),
            currency=invoice.currency,
            payment_code=write.text("order.payment_code", invoice.payment_code or ""),
            debtor=self._debtor(invoice.debtor),
            lines=[self._line(line, invoice.rates_of) for line in invoice.lines],
            totals=[
                TotalSlots(
                    treatment=self._treatment(total.treatment, invoice.rates_of),
                    excl=write.money(total.excl),
                    vat=write.money(total.vat),
                    incl=write.money(total.incl),
                )
                for total in invoice.totals
            ],
            excl=write.money(invoice.excl),
            vat=write.money(invoice.vat),
            incl=write.money(invoice.incl),
        )

    def _debtor(self, debtor: Debtor) -> DebtorSlots:
        text = self._write.text
        return DebtorSlots(
            external_id="" if debtor.external_id is None else str(debtor.external_id),
            email=text("debtor.email", debtor.email),
            name=text("debtor.name", debtor.name),
            firstname=text("debtor.firstname", debtor.firstname),
            middlename=text("debtor.middlename", debtor.middlename),
            lastname=text("debtor.lastname", debtor.lastname),
            company=text("debtor.company", debtor.company),
            phone=text("debtor.phone", debtor.phone),
            vat_number=text("debtor.vat_number", debtor.vat_number),
            coc_number=text("debtor.coc_number", debtor.coc_number),
            addresses=[
                self._address(address)
                for address in debtor.addresses
                if self._profile.roles[address.role]
            ],
        )

    def _address(self, address: DebtorAddress) -> AddressSlots:
        text = self._write.text
        street, number, suffix = address.street, address.number, address.suffix
        if self._profile.house_number is HouseNumber.JOINED:
            street = " ".join(part for part in (street, number, suffix) if part)
            number = suffix = ""
        return AddressSlots(
            role=address.role,
            type=self._profile.roles[address.role],
            attention=text("address.attention", address.attention),
            street=text("address.street", street),
            line2=text("address.line2", address.line2),
            number=text("address.number", number),
            suffix=text("address.suffix", suffix),
            postal_code=text("address.postal_code", address.postal_code),
            city=text("address.city", address.city),
            region=text("address.region", address.region),
            country=self._write.country(address.country),
        )

    def _line(self, line: InvoiceLine, rates_of: date) -> LineSlots:
        write = self._write
        return LineSlots(
            index=str(line.index),
            kind=line.kind,
            article_code=write.text("line.article_code", line.article_code),
            description=write.text("line.description", line.description),
            quantity=write.quantity(line.quantity),
            unit_excl=write.unit_price(line.unit_excl),
            unit_incl=write.unit_price(line.unit_incl),
            treatment=self._treatment(line.treatment, rates_of),
            excl=write.money(line.excl),
            vat=write.money(line.vat),
            incl=write.money(line.incl),
        )

    def _treatment(self, treatment: VatTreatment, rates_of: date) -> VatSlots:
        domestic = plain_domestic(treatment)
        return VatSlots(
            notation=self._write.vat(treatment, rates_of),
            kind=self._profile.vat.kinds[treatment.kind],
            country="" if domestic else self._write.country(treatment.country),
        )
