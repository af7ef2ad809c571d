"""Where a picture comes from, for whoever has to say."""

from dataclasses import dataclass

from igny8.ai.models import AICall
from igny8.writer.models import Image


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """`revised_prompt` is what the model made of ours; the cost is None while it is not known."""

    provider: str
    model: str
    prompt: str
    revised_prompt: str
    seed: int | None
    cost_microusd: int | None


def provenance_of(image: Image) -> Provenance | None:
    """None for a picture that is not made yet."""
    if image.call_id is None:
        return None
    call = AICall.objects.filter(pk=image.call_id).select_related("connection").first()
    if call is None:
        return None
    return Provenance(
        provider=call.connection.name,
        model=call.model,
        prompt=image.prompt,
        revised_prompt=call.revised_prompt,
        seed=image.seed,
        cost_microusd=call.cost_microusd,
    )
