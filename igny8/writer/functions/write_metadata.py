"""What search engines and lists show of an article, and what its editor must check."""

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationInfo, model_validator

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.planner.plain import Plain, same
from igny8.writer.brief import Brief
from igny8.writer.sample.meta import draft_metadata


class MetadataQuestion(Question):
    """The plan of the article, its headings as written, and how it opens."""

    brief: Brief
    headings: tuple[str, ...] = ()
    opening: str = ""


class FrequentQuestion(Answer):
    """A question readers search for, with a short answer."""

    question: Plain = Field(min_length=10, max_length=140)
    answer: Plain = Field(min_length=40, max_length=600)


class ArticleMeta(Answer):
    """The bounds are a little wider than what is asked for: a small miss is no paid repetition."""

    seo_title: Plain = Field(min_length=20, max_length=65)
    meta_description: Plain = Field(min_length=70, max_length=165)
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=75)
    excerpt: Plain = Field(min_length=80, max_length=300)
    focus_keyword: Plain = Field(min_length=1, max_length=255)
    secondary_keywords: list[Plain] = Field(default=[], max_length=10)
    tags: list[Plain] = Field(default=[], max_length=8)
    faq: list[FrequentQuestion] = Field(default=[], max_length=6)
    claims_to_check: list[Plain] = Field(default=[], max_length=12)

    @model_validator(mode="after")
    def _keeps_to_the_bounds_of_its_lists(self) -> Self:
        if any(not 1 <= len(tag) <= 40 for tag in self.tags):
            raise ValueError("each tag has 1 to 40 characters")
        if any(not 1 <= len(claim) <= 200 for claim in self.claims_to_check):
            raise ValueError("each claim to check has 1 to 200 characters")
        return self

    @model_validator(mode="after")
    def _keeps_to_the_keywords_of_the_brief(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, MetadataQuestion):
            brief = info.context.brief
            wanted = same(brief.primary_keyword)  # nothing of it may be fit to be shown
            if wanted and same(self.focus_keyword) != wanted:
                # The keyword is data: here it would stand among the instructions.
                raise ValueError("focus_keyword must be the brief's primary_keyword, unchanged")
            known = {same(keyword) for keyword in brief.secondary_keywords}
            strangers = [one for one in self.secondary_keywords if same(one) not in known]
            if strangers:
                raise ValueError(f"not among the secondary keywords: {', '.join(strangers)}")
        return self


def offline(question: MetadataQuestion) -> ArticleMeta:
    """Title and description within their limits, questions from the question keywords."""
    return ArticleMeta.model_validate(draft_metadata(question.brief))


ask_metadata = AIFunction(
    name="write_metadata",
    question=MetadataQuestion,
    answer=ArticleMeta,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "write_metadata.md",
)
