"""What is sent of a delivery by API, document by document: a concept invoice each, with its hash,
and what the documents up to it come to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.concepts import Concept
from chalicelib.domain.connection import Connection
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.holds import HeldBack, Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.sending_progress import SentPart
from chalicelib.errors import ConnectionRefused
from chalicelib.usecases.filing.claimed_documents import take_out
from chalicelib.usecases.filing.judged_documents import JudgedDocuments, describe_content
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.judging.reading import Reading

Concepts = Mapping[str, Concept]
"""What is sent, by ledger key, in the order in which it is."""


def require_connection(run: Run) -> Connection:
    """The shop's connection. Raises `ConnectionRefused` when it has none."""
    if run.shop.connection is None:
        raise ConnectionRefused(f"Shop {run.shop_id} is not connected with Asperion.")
    return run.shop.connection


def make_concepts_or_hold(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> Concepts:
    """The concept invoices of these documents. One that the merchant's choices for Asperion do not
    cover is held, and what credits it; the others go on. Raises `ConnectionRefused` for a shop
    without such choices.
    """
    choices = require_connection(run).choices
    if choices is None:
        raise ConnectionRefused(f"Shop {run.shop_id} has not chosen how Asperion books.")
    found: dict[str, Concept] = {}
    held: dict[str, Hold] = {}
    for key, reading in readings.items():
        if not isinstance(reading.verdict, Invoice):
            continue
        try:
            found[key] = make_concept(reading.verdict, choices)
        except HeldBack as error:
            held[key] = error.hold
    take_out(run, file, claimed, readings, held)
    return {key: concept for key, concept in found.items() if key in readings}


def add_up_part(concepts: Concepts, documents: JudgedDocuments, keys: Sequence[str]) -> SentPart:
    """What these documents of a delivery, at least one, come to."""
    texts = [_write(concepts[key]) for key in keys]
    hashes = "".join(hashlib.sha256(text).hexdigest() for text in texts)
    return SentPart(
        sha256=hashlib.sha256(hashes.encode()).hexdigest(),
        size=sum(map(len, texts)),
        cover=documents.cover(keys),
        returns=documents.add_up(keys),
    )


def describe_concepts(run: Run, documents: JudgedDocuments, concepts: Concepts) -> FileContent:
    """What is kept of a delivery of these concept invoices."""
    whole = add_up_part(concepts, documents, list(concepts))
    return describe_content(run, documents, sha256=whole.sha256, size=whole.size)


def _write(concept: Concept) -> bytes:
    """A concept as one text, the same for the same concept; to be hashed, not to be sent."""
    return json.dumps(asdict(concept), default=str, sort_keys=True).encode()
