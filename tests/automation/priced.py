"""A priced provider whose token counts vary as those of real models do."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from igny8.accounts.models import Account
from igny8.credits.models import PriceOverride
from tests.provider_faults import Exchange, answers
from tests.provider_server import ProviderServer

TEXT, IMAGE = "test-model", "test-image"


@dataclass
class Temper:
    """How one model counts and how much it says; the next answer is never quite like the last."""

    seed: int
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.characters_a_token = self.draw.uniform(3.6, 4.7)
        self.wordiness = self.draw.lognormvariate(0, 0.15)

    def usage(self, exchange: Exchange) -> dict[str, int]:
        told = len(exchange.asked.prompt) + len(
            json.dumps(exchange.asked.body.get("response_format", ""))
        )
        said = len(exchange.answer()) * self.wordiness * self.draw.lognormvariate(0, 0.25)
        tokens = [round(each / self.characters_a_token) for each in (told, said)]
        return {
            "prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)
        }  # fmt: skip


def counted(temper: Temper) -> Callable[[Exchange], None]:
    """The right answer, with tokens as this model would count them."""

    def answer(exchange: Exchange) -> None:
        if exchange.asked.path.endswith("/chat/completions"):
            answers(Counting(**vars(exchange), usage=temper.usage(exchange)))
        else:
            answers(exchange)

    return answer


@dataclass(frozen=True, kw_only=True)
class Counting(Exchange):
    usage: Mapping[str, int]

    def send(
        self,
        body: bytes,
        *,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        told: dict[str, Any] = json.loads(body)
        super().send(
            json.dumps({**told, "usage": self.usage}).encode(),
            status=status,
            content_type=content_type,
            headers=headers,
        )


@contextmanager
def priced_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """Answers texts and draws tiny images; the environment leads to it."""
    with ProviderServer(tiny_images=True) as server:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("IGNY8_TEXT_MODEL", TEXT)
        monkeypatch.setenv("IGNY8_IMAGE_MODEL", IMAGE)
        yield server


def set_prices(account: Account) -> None:
    """Dollars a million tokens: one told, four said; a third of a cent an image: texts decide."""
    PriceOverride.objects.create(
        account=account, model=TEXT, input_rate=1_000_000, output_rate=4_000_000
    )
    PriceOverride.objects.create(account=account, model=IMAGE, image_rate=3_000)
