"""Forms with files, as browsers send them and API Gateway hands them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.web.http.http_messages import Response
from tests.fakes.web import OURS, Browser

BOUNDARY = "X-1"


def upload(
    browser: Browser,
    path: str,
    fields: Mapping[str, str],
    files: Sequence[tuple[str, str, bytes]],
    headers: Mapping[str, str] = OURS,
) -> Response:
    """Post a form with files, each of a field, a name and a content."""
    kind = "\r\nContent-Type: application/octet-stream"
    parts = [(f'"{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'"{name}"; filename="{given}"{kind}', content) for name, given, content in files]
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name={named}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for named, content in parts
    )
    handed_on = (body + f"--{BOUNDARY}--\r\n".encode()).decode(errors="replace").encode()
    form = f"multipart/form-data; boundary={BOUNDARY}"
    return browser.post_body(path, handed_on, {**headers, "content-type": form})
