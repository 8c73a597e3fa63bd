"""A placed file made once more, for an import by hand: its documents are read again within one
answer, and nothing is kept on the way.

What comes out is compared with the hash of what was sent. A file that is not the same is given only
to who asks for it as it would be now, under a name that is not the original's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.axml import find_unwritable
from chalicelib.domain.days import AMSTERDAM
from chalicelib.domain.fingerprint import terms_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, FileEntry, FileState
from chalicelib.domain.print_keys import key_id
from chalicelib.domain.ways import Way
from chalicelib.errors import RenderedWrong, RequestError, UnknownFile
from chalicelib.usecases.filing.file_bytes import render_invoices
from chalicelib.usecases.judging.booked_again import (
    BookedAgain,
    Change,
    judge_booked,
    lose_booked,
)
from chalicelib.usecases.operating.reading_again import count_parts, read_sources
from chalicelib.usecases.operating.rebuilt_files import (
    MOST_PARTS,
    WHOLE,
    Differs,
    FileCause,
    Likeness,
    NotNow,
    Obstacle,
    Part,
    Rebuilt,
)
from chalicelib.usecases.workspace import Workspace

LARGEST_ANSWER = 4_500_000
"""Bytes of a file that fit into one answer: Lambda gives at most 6 MB, in which the text is written
once more as JSON.
"""


def rebuild_file(
    workspace: Workspace, name: str, *, part: Part = WHOLE, as_now: bool = False
) -> Rebuilt | Differs | NotNow:
    """Make a placed file, or a part of it, once more; with `as_now` as it would be now.

    Raises `UnknownFile`, `RequestError` for a file that is not placed and for a part that it does
    not have, `ShopError` for what concerns the whole shop, `ProfileError`.
    """
    file = workspace.connector.files.get(workspace.shop_id, name)
    if file is None:
        raise UnknownFile(f"File {name} is not known here.")
    if not may_be_rebuilt(file):
        raise RequestError(f"File {name} is {file.state.value}; it is not made once more.")
    entries = _choose_entries(workspace, file, part)
    if part.is_whole and (file.size or 0) > LARGEST_ANSWER:
        return _too_large(workspace, entries)
    sources = read_sources(workspace, entries)
    if isinstance(sources, NotNow):
        return sources
    judged = [
        lose_booked(entry, source)
        if isinstance(source, Change)
        else judge_booked(workspace, file, entry, source)
        for entry, source in zip(entries, sources, strict=True)
    ]
    made = _make(workspace, file, part, judged, as_now=as_now)
    if isinstance(made, Rebuilt) and len(made.content) > LARGEST_ANSWER:
        return _too_large(workspace, entries)
    return made


def may_be_rebuilt(file: FileEntry) -> bool:
    """Whether a file may be made once more: one that did not arrive, or of which that is not known,
    would bring its orders into the books twice. A delivery by API never was a file.
    """
    return file.way is Way.FILE and file.state is FileState.PLACED and file.sha256 is not None


def _too_large(workspace: Workspace, entries: Sequence[Entry]) -> NotNow:
    return NotNow(
        obstacle=Obstacle.SIZE,
        readable=0,
        documents=len(entries),
        parts=count_parts(workspace, entries),
    )


def _choose_entries(workspace: Workspace, file: FileEntry, part: Part) -> list[Entry]:
    """The documents of a part of a file, in the order in which the file took them up."""
    keys = list(file.keys)
    if not 1 <= part.number <= part.of <= min(len(keys), MOST_PARTS):
        raise RequestError(f"File {file.name} has no part {part.number} of {part.of}.")
    first, last = (len(keys) * n // part.of for n in (part.number - 1, part.number))
    chosen = keys[first:last]
    known = workspace.connector.entries.get_all(workspace.shop_id, chosen)
    return [known.get(key) or _imagine_entry(file, key) for key in chosen]


def _imagine_entry(file: FileEntry, key: str) -> Entry:
    """A document that the ledger no longer has, of which only its key is known."""
    kind, _, number = key.rpartition("-")
    return Entry(
        shop_id=file.shop_id,
        kind=DocumentKind(kind),
        document_id=int(number),
        number=number,
        day=file.day,
        state=EntryState.PLACED,
        since=file.since,
    )


def _make(
    workspace: Workspace,
    file: FileEntry,
    part: Part,
    judged: Sequence[BookedAgain],
    *,
    as_now: bool,
) -> Rebuilt | Differs:
    """The file as it was sent, when it comes out so; else as it is now, or what differs."""
    cause = _find_cause(workspace, file)
    then = [one.then for one in judged if isinstance(one.then, Invoice)]
    changed = tuple(one for one in judged if one.change is not None)
    if not changed and len(then) == len(judged):
        content = _try_to_render(workspace, then)
        if content is not None and part.is_whole and _hash(content) == file.sha256:
            return Rebuilt(name=file.name, likeness=Likeness.ORIGINAL, content=content)
        if content is not None and not part.is_whole and cause is None:
            name = f"deel-{part.number}-van-{part.of}-{file.name}"
            return Rebuilt(name=name, likeness=Likeness.PART, content=content)
    now = _list_writable(workspace, judged)
    if as_now and now:
        content = render_invoices(workspace, list(now.values()))
        name = _name_present(file, part, workspace.now())
        return Rebuilt(name=name, likeness=Likeness.PRESENT, content=content)
    left_out = tuple(one for one in judged if one.key not in now)
    if not changed:
        cause = cause or FileCause.UNKNOWN
    elif cause is FileCause.UNKNOWN:
        cause = None
    return Differs(changed=changed, left_out=left_out, documents=len(judged), cause=cause)


def _find_cause(workspace: Workspace, file: FileEntry) -> FileCause | None:
    """What, besides its documents, the file was made by and is another by now; None when nothing
    is. `UNKNOWN` of a file that does not say by what it was made.
    """
    if file.profile is None or file.terms is None:
        return FileCause.UNKNOWN
    has_profile = file.profile == workspace.profile.mark
    has_terms = _has_same_terms(workspace, file.terms)
    if has_profile and has_terms:
        return None
    if has_profile:
        return FileCause.UNKNOWN if has_terms is None else FileCause.SETTINGS
    return FileCause.PROFILE if has_terms else FileCause.BOTH


def _has_same_terms(workspace: Workspace, kept: str) -> bool | None:
    """Whether the merchant's choices are those of a file; None when its key is known no more."""
    shop = workspace.shop
    named = kept.partition(".")[0]
    key = next((each for each in workspace.prints_keys if key_id(each) == named), None)
    if key is None:
        return None
    present = terms_print(shop.policy, shop.currency, shop.country, key, behaviour=shop.behaviour)
    return present == kept


def _try_to_render(workspace: Workspace, invoices: Sequence[Invoice]) -> bytes | None:
    try:
        return render_invoices(workspace, invoices)
    except RenderedWrong:
        return None  # another profile than the one that wrote it


def _list_writable(workspace: Workspace, judged: Sequence[BookedAgain]) -> Mapping[str, Invoice]:
    """What would be booked now, by key, without what the profile cannot write."""
    profile = workspace.profile
    return {
        one.key: one.now
        for one in judged
        if isinstance(one.now, Invoice) and find_unwritable(profile, one.now) is None
    }


def _name_present(file: FileEntry, part: Part, now: datetime) -> str:
    """A name that nobody takes for the original's."""
    of = "" if part.is_whole else f"deel-{part.number}-van-{part.of}-"
    return f"nieuw-{now.astimezone(AMSTERDAM):%Y%m%d-%H%M}-{of}{file.name}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
