"""The end of an article."""

from pathlib import Path

from pydantic import Field

from igny8.ai.functions import AIFunction, Form, Question, tokens_for
from igny8.writer.brief import Brief
from igny8.writer.prose import Prose, foreign_words, language_of
from igny8.writer.sample.draft import draft_conclusion


class ConclusionQuestion(Question):
    """The plan of the article, how long its end should be in words, and the text before it."""

    brief: Brief
    words: int = Field(ge=20, le=1000)
    before: str = ""


def offline(question: ConclusionQuestion) -> Prose:
    """What the conclusion must say, and the sections it comes back to."""
    return Prose(text=draft_conclusion(question.brief))


ask_conclusion = AIFunction(
    name="write_conclusion",
    question=ConclusionQuestion,
    answer=Prose,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "write_conclusion.md",
    form=Form.TEXT,
    tokens=lambda question: tokens_for(question.words, question.brief.language),
    language=language_of,
    objection=foreign_words,
)
