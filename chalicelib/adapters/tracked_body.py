"""Whether anything of a request was sent."""

from __future__ import annotations

from io import BytesIO


class TrackedBody(BytesIO):
    """A request's body that records whether the connection began to read it: before that the other
    side has nothing to carry out.
    """

    is_started = False

    def __len__(self) -> int:
        return len(self.getbuffer())

    def read(self, size: int | None = -1, /) -> bytes:
        """See `BytesIO`."""
        self.is_started = True
        return super().read(size)
