"""One section of an article."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from igny8.ai.functions import AIFunction, Form, Question, tokens_for
from igny8.writer.brief import Brief
from igny8.writer.prose import Prose, foreign_words, language_of
from igny8.writer.sample.draft import draft_section


class SectionQuestion(Question):
    """The plan of the article, which section of it (from 1), its length and the text before it.

    `draft` is the section as it was written too short, empty the first time.
    """

    brief: Brief
    number: int = Field(ge=1)
    words: int = Field(ge=20, le=3000)
    before: str = ""
    draft: str = ""

    @model_validator(mode="after")
    def _asks_for_a_section_of_the_outline(self) -> Self:
        if self.number > len(self.brief.outline):
            raise ValueError(
                f"section {self.number} was asked for, the outline has {len(self.brief.outline)}"
            )
        return self


def offline(question: SectionQuestion) -> Prose:
    """What the section must answer, its key points, a draft, and what to verify."""
    return Prose(text=draft_section(question.brief, question.number, question.words))


ask_section = AIFunction(
    name="write_section",
    question=SectionQuestion,
    answer=Prose,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "write_section.md",
    form=Form.TEXT,
    tokens=lambda question: tokens_for(question.words, question.brief.language),
    language=language_of,
    objection=foreign_words,
)
