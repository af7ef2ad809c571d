"""What the queue of a site would cost with models that nobody has a key for yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from igny8.ai.functions import Form
from igny8.ai.prompts import render_prompt
from igny8.ai.usage import usage_history
from igny8.automation.forecast import batch_size, forecast, settings_of, waiting
from igny8.automation.models import AutomationConfig
from igny8.automation.prompts import PROMPTS, Prompt
from igny8.credits.account_prices import price_for
from igny8.credits.estimate import CostRange, Load, cost_range, tokens_in
from igny8.credits.prices import Usage
from igny8.sites.models import Site

Settings = Mapping[str, int]
SECTIONS_AN_ARTICLE = 6
TOKENS_AN_IMAGE = 1600
# Rows of a site say more than our short examples do.
ROWS_AGAINST_EXAMPLE = 1.5


@dataclass(frozen=True)
class Work:
    """The calls of one function for so many rows of its stage, and the length of its answers."""

    calls: Callable[[int, Settings], int]
    answer_tokens: int


def _one_a_row(rows: int, _: Settings) -> int:
    return rows


def _one_a_batch(rows: int, settings: Settings) -> int:
    return -(-rows // batch_size(settings, 1))


def _one_a_section(rows: int, _: Settings) -> int:
    return rows * SECTIONS_AN_ARTICLE


WORK = {
    "auto_cluster": Work(_one_a_batch, 300),
    "generate_ideas": Work(_one_a_row, 1500),
    "write_introduction": Work(_one_a_row, 150),
    "write_section": Work(_one_a_section, 300),
    "write_metadata": Work(_one_a_row, 700),
    "generate_image_prompts": Work(_one_a_row, 600),
    "generate_images": Work(_one_a_row, TOKENS_AN_IMAGE),
}


def text_costs(
    site: Site, config: AutomationConfig, models: Sequence[str]
) -> dict[str, CostRange | None]:
    """Micro-dollars for all text of what waits now; None where a price is unknown."""
    return _costs(site, config, models, [p for p in PROMPTS if p.function.form is not Form.IMAGE])


def image_costs(
    site: Site, config: AutomationConfig, models: Sequence[str]
) -> dict[str, CostRange | None]:
    """The same for its images."""
    return _costs(site, config, models, [p for p in PROMPTS if p.function.form is Form.IMAGE])


def _costs(
    site: Site, config: AutomationConfig, models: Sequence[str], prompts: Sequence[Prompt]
) -> dict[str, CostRange | None]:
    settings = settings_of(config)
    totals = forecast(waiting(site), settings, 1)
    return {
        model: cost_range(
            [_load(prompt, totals, settings, model=model, site=site) for prompt in prompts],
            partial(price_for, site.account_id, model),
        )
        for model in models
    }


def _load(
    prompt: Prompt, totals: Mapping[int, int], settings: Settings, *, model: str, site: Site
) -> Load:
    name = prompt.function.name
    work, told = WORK[name], tokens_in(render_prompt(prompt.function, prompt.example))
    is_image = prompt.function.form is Form.IMAGE
    return Load(
        function=name,
        calls=work.calls(totals.get(prompt.stage, 0), settings),
        expected=Usage(
            input_tokens=round(told * ROWS_AGAINST_EXAMPLE),
            output_tokens=work.answer_tokens,
            image_tokens=work.answer_tokens if is_image else 0,
            images=int(is_image),
        ),
        history=usage_history(name, model, site_id=site.pk),
    )
