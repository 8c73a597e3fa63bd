"""The alarms of a template with what they refer to filled in, as CloudFormation makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KINDS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_NAMED = re.compile(r"\$\{([A-Za-z0-9:]+)\}")


def fill_in(resources: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of all alarms, by their names in the template. `known` says what a reference
    stands for; a name that is not in it stands for itself. A composite alarm's rule names alarms as
    they are in the template.
    """
    alarms = {name: each for name, each in resources.items() if each.get("Type") in KINDS}
    filled = {name: _fill(each["Properties"], known) for name, each in alarms.items()}
    for name, each in alarms.items():
        if "AlarmRule" in each["Properties"]:
            filled[name]["AlarmRule"] = _fill(each["Properties"]["AlarmRule"], {})
    return filled


def _fill(given: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(given, list):
        return [_fill(each, known) for each in given]
    if not isinstance(given, dict):
        return given
    if set(given) == {"Ref"}:
        return known.get(given["Ref"], given["Ref"])
    if set(given) == {"Fn::GetAtt"}:
        assert given["Fn::GetAtt"][1] == "QueueName", given
        return known.get(given["Fn::GetAtt"][0], given["Fn::GetAtt"][0])
    if set(given) == {"Fn::Sub"}:
        return _NAMED.sub(lambda found: str(known.get(found[1], found[1])), given["Fn::Sub"])
    return {name: _fill(value, known) for name, value in given.items()}
