"""One AI function: what is asked, what must come back, and the answer given without a model."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Generic, Self, TypeVar

from pydantic import (
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

BYTES_A_NUMBER = 4
SPARE, TOKENS_AROUND = 1.4, 200
DENSE_SCRIPTS = (
    "zh ja ko th lo km my hi bn ta te ml kn gu mr ne si ka hy am he ar fa ur el ru uk bg sr"
)


class Form(StrEnum):
    """The shape of an answer on the wire: JSON, plain Markdown, the bytes of an image, vectors."""

    STRUCTURED = "structured"
    TEXT = "text"
    IMAGE = "image"
    EMBEDDING = "embedding"


JSON_FORMS = (Form.STRUCTURED, Form.EMBEDDING)


class Question(BaseModel):
    """What we tell the model; hashed to recognise the same question again."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What must come back; validators may read the question as `info.context`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class TextsQuestion(Question):
    """Texts to be turned into vectors; they are sent as they are, without a prompt."""

    texts: tuple[str, ...] = Field(min_length=1)


class VectorsAnswer(Answer):
    """A vector for each text in turn: float32, little-endian, one after the other.

    It names its texts, so that it can be read without the question.
    """

    texts: tuple[str, ...] = Field(min_length=1)
    vectors: Base64Bytes

    @model_validator(mode="after")
    def _has_one_for_each_text(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, TextsQuestion) and self.texts != info.context.texts:
            raise ValueError("the vectors are those of other texts")
        if not self.vectors or len(self.vectors) % (BYTES_A_NUMBER * len(self.texts)):
            raise ValueError("there must be one vector for each text, all of one length")
        return self


class TextAnswer(Answer):
    """Markdown text, which a model may have left without its end."""

    text: str
    _cut: bool = PrivateAttr(default=False)

    @property
    def cut(self) -> bool:
        """Whether its end is missing, after all tries to have it continued."""
        return self._cut

    def without_its_end(self) -> Self:
        self._cut = True
        return self


class ImageAnswer(Answer):
    """The bytes of an encoded image."""

    image: bytes


def tokens_for(words: int, language: str) -> int:
    """Room for so many words: 1.5 tokens a word and 40 % to spare; scripts without blanks, or
    with an alphabet of their own, take twice as many."""
    dense = language.casefold().split("-")[0] in DENSE_SCRIPTS.split()
    return round(words * (3.0 if dense else 1.5) * SPARE) + TOKENS_AROUND


Q = TypeVar("Q", bound=Question)
A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, kw_only=True)
class AIFunction(Generic[Q, A]):
    """Everything `ask` needs to put one kind of question to any provider.

    `tokens` is how many its answer may take, where that is known beforehand; `prompt` the file
    shipped with the product, `own_prompt` what a site says instead; `needed` are the variables
    that any prompt of this function must show. Only the form EMBEDDING has no prompt.
    `language` is the tag of the language a text must be in, `objection` what a model has to do
    better although its answer is valid, else empty; the sample is not asked to.
    """

    name: str
    question: type[Q]
    answer: type[A]
    offline: Callable[[Q], A]
    prompt: Path = Path()
    form: Form = Form.STRUCTURED
    tokens: Callable[[Q], int] | None = None
    language: Callable[[Q], str] | None = None
    objection: Callable[[Q, A], str] | None = None
    needed: tuple[str, ...] = ("question",)
    own_prompt: str = ""

    def with_prompt(self, text: str) -> Self:
        """The same function, told in other words; with an empty text as shipped."""
        return replace(self, own_prompt=text)

    def parse(self, raw: bytes, question: Q) -> A:
        """Raises pydantic's ValidationError when `raw` is no valid answer to `question`."""
        if self.form in JSON_FORMS:
            return self.answer.model_validate_json(raw, context=question)
        field = "image" if self.form is Form.IMAGE else "text"
        value = raw if self.form is Form.IMAGE else raw.decode("utf-8", "replace")
        return self.answer.model_validate({field: value}, context=question)

    def dump(self, answer: A) -> bytes:
        """The raw form that `parse` reads back."""
        match self.form:
            case Form.STRUCTURED | Form.EMBEDDING:
                return answer.model_dump_json().encode()
            case Form.IMAGE if isinstance(answer, ImageAnswer):
                return answer.image
            case Form.TEXT if isinstance(answer, TextAnswer):
                return answer.text.encode()
        raise TypeError(f"{self.name}: {type(answer).__name__} is no {self.form} answer")
