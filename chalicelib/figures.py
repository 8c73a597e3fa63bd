"""Figures for alarms and dashboards: lines of the log in CloudWatch's embedded metric format.

The webhook's Lambda counts too, and starts without what only exports need: hence what they count is
in `chalicelib.metrics`, and how it is published here.
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from chalicelib.logs import SERVICE
from chalicelib.web.http.http_messages import Request, Response
from chalicelib.web.http.refusals import Refusal

NAMESPACE = "SeoshopAsperion"

REFUSALS: Mapping[Refusal, str] = {
    Refusal.SIGNATURE: "SignaturesRefused",
    Refusal.LINK: "UsedLinksRefused",
    Refusal.SESSION: "SessionsRefused",
    Refusal.ORIGIN: "OriginsRefused",
}
"""The figure of each kind of refusal: how many calls were turned away for it."""


def publish(figures: Mapping[str, int], *, facts: Mapping[str, str] | None = None) -> None:
    """Print the figures; CloudWatch reads them from the log. `facts` stand beside each in its line,
    for a person who searches, and are no figures.
    """
    for name, value in figures.items():
        with single_metric(
            name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE
        ) as metric:
            metric.add_dimension("service", SERVICE)
            for fact, said in (facts or {}).items():
                metric.add_metadata(fact, said)


def count_refusal(request: Request, response: Response) -> None:
    """Count a call that was turned away, in one line with its method and its route's pattern.

    Nothing that the caller chose is in the line, so that no flood makes it longer, and no number,
    token, signature or address of anybody is written down.
    """
    if response.refused is None:
        return
    facts = {"method": request.method.upper(), "route": request.route}
    publish({REFUSALS[response.refused]: 1}, facts=facts)
