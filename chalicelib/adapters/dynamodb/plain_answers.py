"""DynamoDB's answers as the JSON that they are.

The AWS SDK looks at every value of an answer by its model, which for a page of items takes longer
than all else about the call, and gives the same JSON in the end: only binary values would be others
(base64 in place of bytes), and times, which none of our calls answers with. No attribute is binary.
"""

from __future__ import annotations

import json
from typing import Any


def read_plain(**event: Any) -> None:
    """Take over all that an answer says, and leave nothing of it to the SDK, which still reads
    errors, and what is no JSON. For the SDK's event ``before-parse.dynamodb``.
    """
    response = event["response_dict"]
    answer = _parse(response["body"]) if response["status_code"] < 300 else None
    if isinstance(answer, dict):
        event["customized_response_dict"].update(answer)
        response["body"] = b"{}"


def _parse(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
