"""The opening of an article."""

from pathlib import Path

from pydantic import Field

from igny8.ai.functions import AIFunction, Form, Question, tokens_for
from igny8.writer.brief import Brief
from igny8.writer.prose import Prose, foreign_words, language_of
from igny8.writer.sample.draft import draft_introduction


class IntroductionQuestion(Question):
    """The plan of the article, how long its opening should be, and how the text after it starts."""

    brief: Brief
    words: int = Field(ge=20, le=1000)
    start: str = ""


def offline(question: IntroductionQuestion) -> Prose:
    """A note on where the text comes from, then what the article is for and what it covers."""
    return Prose(text=draft_introduction(question.brief, question.words))


ask_introduction = AIFunction(
    name="write_introduction",
    question=IntroductionQuestion,
    answer=Prose,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "write_introduction.md",
    form=Form.TEXT,
    tokens=lambda question: tokens_for(question.words, question.brief.language),
    language=language_of,
    objection=foreign_words,
)
