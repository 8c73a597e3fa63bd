"""Import files written by hand, or put together from plain text: no code of either side."""

from pathlib import Path

FIGURE_5 = Path(__file__).with_name("figure5.xml").read_bytes()

LINE = """<Orderline><LineNumber>1</LineNumber><Description>Koffiemok</Description>
<Quantity>2</Quantity><UnitPriceExcl>10.0000</UnitPriceExcl><UnitPriceIncl>12.1000</UnitPriceIncl>
<VatPercentage>21.00</VatPercentage><LineTotalExcl>20.00</LineTotalExcl><LineVat>4.20</LineVat>
<LineTotalIncl>24.20</LineTotalIncl></Orderline>"""


def orderline(rate: str, excl: str, vat: str, incl: str, more: str = "") -> str:
    return (
        f"<Orderline><Quantity>1</Quantity><VatPercentage>{rate}</VatPercentage>"
        f"<LineTotalExcl>{excl}</LineTotalExcl><LineVat>{vat}</LineVat>"
        f"<LineTotalIncl>{incl}</LineTotalIncl>{more}</Orderline>"
    )


def debtor(email: str = "jan@example.com", number: str = "2000001", name: str = "Jan") -> str:
    return (
        f"<Debtor><Number>{number}</Number><Email>{email}</Email><Name>{name}</Name>"
        "<Address><Street>Dorpsstraat</Street><City>Naarden</City></Address></Debtor>"
    )


def order(
    number: str = "ORD000001",
    *lines: str,
    date: str = "2014-06-16",
    customer: str | None = None,
    more: str = "",
) -> str:
    return (
        f"<Order><OrderNumber>{number}</OrderNumber><OrderDate>{date}</OrderDate>{more}"
        f"{customer or debtor()}{''.join(lines or (LINE,))}</Order>"
    )


def document(*orders: str) -> bytes:
    body = "".join(orders or (order(),))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Asperion version="1.4"><Orders>{body}</Orders></Asperion>'
    ).encode()
