"""Three small AI functions, one of each form, that know nothing of the product's own."""

from io import BytesIO
from pathlib import Path
from typing import Self

from pydantic import ValidationInfo, model_validator

from igny8.ai.functions import AIFunction, Answer, Form, ImageAnswer, Question, TextAnswer

PROMPT = Path(__file__).parent / "prompt.md"


class Letter(Question):
    id: str
    text: str


class LettersQuestion(Question):
    letters: tuple[Letter, ...]


class Order(Answer):
    """Every id once."""

    ids: list[str]

    @model_validator(mode="after")
    def _names_each_letter_once(self, info: ValidationInfo) -> Self:
        asked = info.context.letters if isinstance(info.context, LettersQuestion) else ()
        if asked and sorted(self.ids) != sorted(letter.id for letter in asked):
            raise ValueError("name every id once")
        return self


def _sorted(question: LettersQuestion) -> Order:
    ordered = sorted(question.letters, key=lambda letter: letter.text)
    return Order(ids=[letter.id for letter in ordered])


def _spelled(question: LettersQuestion) -> TextAnswer:
    return TextAnswer(text="## Letters\n\n" + ", ".join(one.text for one in question.letters))


def _dot(_: LettersQuestion) -> ImageAnswer:
    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (2, 2)).save(made, "WEBP")
    return ImageAnswer(image=made.getvalue())


order_letters = AIFunction(
    name="order_letters", question=LettersQuestion, answer=Order, offline=_sorted, prompt=PROMPT
)
spell_letters = AIFunction(
    name="spell_letters",
    question=LettersQuestion,
    answer=TextAnswer,
    offline=_spelled,
    prompt=PROMPT,
    form=Form.TEXT,
)
draw_letters = AIFunction(
    name="draw_letters",
    question=LettersQuestion,
    answer=ImageAnswer,
    offline=_dot,
    prompt=PROMPT,
    form=Form.IMAGE,
)
FUNCTIONS = {one.name: one for one in (order_letters, spell_letters, draw_letters)}


def letters(text: str = "cab") -> LettersQuestion:
    return LettersQuestion(
        letters=tuple(Letter(id=f"k{n}", text=one) for n, one in enumerate(text, start=1))
    )
