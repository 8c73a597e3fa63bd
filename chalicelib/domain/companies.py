"""Whether two customers with one e-mail address are companies that differ.

The books know a customer by the e-mail address alone. A consumer and a company under one address
are taken for one person, who bought for himself as well: without a company's name nothing tells
that they differ.
"""

from __future__ import annotations

import re
import unicodedata

from chalicelib.domain.invoices import Debtor

_LEGAL_FORMS = frozenset(
    {"ag", "bv", "bvba", "cv", "eenmanszaak", "gbr", "gmbh", "inc", "kg", "llc", "ltd", "nv", "oy"}
    | {"plc", "sa", "sarl", "sas", "sprl", "srl", "ug", "vof"}
)
_SPELLED_OUT = r"\b(b v|n v|v o f|c v)$"


def are_other_companies(one: Debtor, other: Debtor) -> bool:
    """Whether these are two companies: their VAT numbers differ, or where not both have one, their
    numbers at the chamber of commerce, or else their names. Capitals, accents, punctuation and the
    legal form make no difference to a name.
    """
    if one.vat_number and other.vat_number:
        return one.vat_number != other.vat_number
    if one.coc_number and other.coc_number:
        return one.coc_number != other.coc_number
    names = normalise_company(one.company), normalise_company(other.company)
    return all(names) and names[0] != names[1]


def normalise_company(name: str) -> str:
    """A company's name without what is spelled one way or the other: ``De Wilg B.V.`` and ``DE WILG
    bv`` are both ``dewilg``.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    joined = re.sub(r"[.'’`]", "", re.sub(r"[&+]", " en ", letters))
    words = " ".join(re.findall(r"\w+", joined))
    parts = re.sub(_SPELLED_OUT, lambda form: form[0].replace(" ", ""), words).split()
    while len(parts) > 1 and parts[-1] in _LEGAL_FORMS:
        parts.pop()
    return "".join(parts)
