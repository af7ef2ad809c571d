"""How one model is asked: the few settings that people need, each within its bounds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class StepSettings(BaseModel):
    """What is left out is the provider's own choice.

    `seconds` bounds one answer; `spare_tokens` is room for what a model thinks before it writes;
    `seed` and `quality` are passed to image models that know them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float | None = Field(default=None, ge=0, le=2)
    seconds: float | None = Field(default=None, ge=5, le=1800)
    spare_tokens: int = Field(default=4000, ge=0, le=100_000)
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    quality: Literal["low", "medium", "high"] | None = None
