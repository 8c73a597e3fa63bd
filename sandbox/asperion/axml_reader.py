"""Reads aXML order files: the reconstructed shape Asperion/Orders/Order/Debtor/Address/Orderline.

The real specification is not public, so the reader is lenient about what is a guess (letter case,
elements or attributes, Orders as a container or repeated, lines with or without a container, the
address in or beside the debtor, date and decimal notation) and strict about what matters: every
value is checked, and a file is read as a whole or refused as a whole.
"""

from decimal import Decimal
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.asperion.imported_orders import Address, DebtorDetails, Line, Order
from sandbox.asperion.vat_classes import cents
from sandbox.asperion.xml_nodes import Node, UnreadableFile, local_name

__all__ = ["UnreadableFile", "read_orders"]


def read_orders(content: bytes) -> list[Order]:
    """Read the bytes of one file. Raises UnreadableFile with a Dutch reason."""
    root = _parse(content)
    found = _order_nodes(root)
    if not found:
        raise UnreadableFile("Het bestand bevat geen orders.")
    return [_order(node.at(f"order {i}")) for i, node in enumerate(found, start=1)]


def _parse(content: bytes) -> Node:
    try:
        element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableFile("Het bestand bevat een DTD of entiteiten; dat mag niet.") from None
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            f"Het bestand is geen geldige XML (regel {line}, teken {column + 1})."
        ) from None
    except (ValueError, LookupError):
        raise UnreadableFile("De tekencodering van het bestand is onbekend of onjuist.") from None
    if local_name(element) != "asperion":
        raise UnreadableFile(
            f"Het bestand begint met <{local_name(element)}>, niet met <Asperion>."
        )
    return Node(element, "bestand")


def _order_nodes(root: Node) -> list[Node]:
    """Orders as a container of Order, or Orders repeated as the order itself."""
    nodes = root.children("Order")
    for container in root.children("Orders"):
        nodes += container.children("Order") or [container][: bool(container.text("OrderNumber"))]
    return nodes


def _order(node: Node) -> Order:
    number = node.required("OrderNumber")
    node = node.at(f"order {number}")
    currency = node.text("Currency")
    if currency.upper() not in ("", "EUR"):
        raise UnreadableFile(f"{node.place}: valuta {currency} wordt niet gevoerd, alleen EUR.")
    lines = node.children("Orderline")
    for container in node.children("Orderlines"):
        lines += container.children("Orderline")
    if not lines:
        raise UnreadableFile(f"{node.place}: er zijn geen orderregels.")
    return Order(
        number=number,
        date=node.date("OrderDate"),
        description=node.text("Description") or f"Bestelling {number}",
        payment_code=node.text("PaymentCode"),
        debtor=_debtor(node),
        lines=tuple(_read_line(line, i, node) for i, line in enumerate(lines, start=1)),
        remark=node.text("Remark"),
        total_excl=node.amount("TotalExcl"),
        total_vat=node.amount("TotalVat"),
        total_incl=node.amount("TotalIncl"),
    )


def _debtor(order: Node) -> DebtorDetails:
    debtors = order.children("Debtor")
    if len(debtors) != 1:
        raise UnreadableFile(f"{order.place}: er is {len(debtors)} keer een Debtor, niet één keer.")
    node = debtors[0].at(f"{order.place}, debiteur")
    details = DebtorDetails(
        number=node.text("Number"),
        email=_email(node),
        name=node.text("Name"),
        company=node.text("CompanyName"),
        phone=node.text("Phone"),
        vat_number=node.text("VatNumber"),
        coc_number=node.text("CocNumber"),
        addresses=tuple(map(_address, node.children("Address") + order.children("Address"))),
    )
    if not details.display_name:
        raise UnreadableFile(f"{node.place}: naam ontbreekt.")
    if not details.addresses:
        raise UnreadableFile(f"{node.place}: adres ontbreekt.")
    return details


def _email(node: Node) -> str:
    email = node.text("Email")
    if email and (email.count("@") != 1 or email.strip("@") != email or " " in email):
        raise UnreadableFile(f"{node.place}: het e-mailadres is ongeldig.")
    return email


def _address(node: Node) -> Address:
    return Address(
        role=node.text("Type"),
        attention=node.text("Attention"),
        street=node.text("Street"),
        house_number=node.text("HouseNumber"),
        suffix=node.text("HouseNumberSuffix"),
        line2=node.text("AddressLine2"),
        postal_code=node.text("PostalCode"),
        city=node.text("City"),
        region=node.text("Region"),
        country=node.text("CountryCode"),
    )


def _read_line(node: Node, position: int, order: Node) -> Line:
    node = node.at(f"{order.place}, regel {position}")
    rate = node.decimal("VatPercentage")
    if rate is None or not 0 <= rate <= 100:
        raise UnreadableFile(f"{node.place}: VatPercentage ontbreekt of ligt niet tussen 0 en 100.")
    excl, vat, incl = _amounts(node, rate)
    quantity = node.decimal("Quantity")
    return Line(
        number=position,
        article_code=node.text("ArticleCode"),
        description=node.text("Description"),
        quantity=Decimal(1) if quantity is None else quantity,
        unit_excl=node.decimal("UnitPriceExcl"),
        unit_incl=node.decimal("UnitPriceIncl"),
        rate=rate,
        excl=excl,
        vat=vat,
        incl=incl,
        vat_kind=node.text("VatKind") or order.text("VatKind"),
        vat_class=node.text("VatClass") or order.text("VatClass"),
        vat_country=(node.text("VatCountry") or order.text("VatCountry")).upper(),
    )


def _amounts(node: Node, rate: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """The line's totals; what the file leaves out follows from what it gives."""
    excl, vat = node.amount("LineTotalExcl"), node.amount("LineVat")
    incl = node.amount("LineTotalIncl")
    if excl is None and incl is None:
        raise UnreadableFile(f"{node.place}: LineTotalExcl en LineTotalIncl ontbreken beide.")
    if excl is None:
        assert incl is not None
        excl = cents(incl * 100 / (100 + rate)) if vat is None else incl - vat
    if vat is None:
        vat = cents(excl * rate / 100) if incl is None else incl - excl
    return excl, vat, excl + vat if incl is None else incl
