"""What calls of a function took, for the estimate of the next ones."""

from igny8.ai.models import AICall
from igny8.credits.estimate import HISTORY_LOOKED_AT, LEAST_HISTORY
from igny8.credits.prices import Usage

CALLS_LOOKED_THROUGH = 5000
GOOD = (AICall.State.ANSWERED, AICall.State.USED)


def usage_history(function: str, model: str, *, site_id: int) -> list[Usage]:
    """The newest good calls of the site; of all sites while the site has too few."""
    newest = AICall.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    calls = AICall.objects.filter(
        pk__gt=newest - CALLS_LOOKED_THROUGH,
        function=function,
        model=model,
        state__in=GOOD,
        output_tokens__isnull=False,
    ).order_by("-pk")
    tokens = calls.values_list("input_tokens", "output_tokens")
    of_site = list(tokens.filter(site_id=site_id)[:HISTORY_LOOKED_AT])
    rows = of_site if len(of_site) >= LEAST_HISTORY else list(tokens[:HISTORY_LOOKED_AT])
    return [Usage(input_tokens=taken, output_tokens=made) for taken, made in rows]
