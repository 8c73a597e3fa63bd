"""The stages of the connector. Each has a stack of its own, and by its name tables, parameters of
SSM, a data key and logs of its own.
"""

from __future__ import annotations

APP = "seoshop-asperion"
STAGES = ("prod", "acceptance", "local")
"""``local`` is local AWS; the others stand on AWS, in one account or in two."""

OWN_NAMES = {
    "TablePrefix": "{stack}-",
    "AppKeyParameter": "/{stack}/app-key",
    "AppSecretParameter": "/{stack}/app-secret",
    "SessionSecretParameter": "/{stack}/session-secret",
    "FingerprintSecretParameter": "/{stack}/fingerprint-secret",
    "DataKeyParameter": "/{stack}/data-key",
    "AsperionSecretParameter": "/{stack}/asperion-secret",
}
"""Template parameters that name what no two stacks may share."""


def find_stack_name(stage: str, given: str = "") -> str:
    """The name of a stage's stack, unless another one is given. Raises SystemExit for a stage that
    there is not.
    """
    if stage not in STAGES:
        raise SystemExit(f"STAGE={stage}: choose one of {', '.join(STAGES)}.")
    return given or (APP if stage == "prod" else f"{APP}-{stage}")


def list_own_names(stack: str) -> dict[str, str]:
    """The names of a new stack's own, as parameters of its template."""
    return {parameter: name.format(stack=stack) for parameter, name in OWN_NAMES.items()}
