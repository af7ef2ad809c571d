"""What a prompt is shown and tried with: something of the site, else an example."""

from collections.abc import Callable
from dataclasses import dataclass

from igny8.ai.functions import Question
from igny8.automation.prompts import Prompt
from igny8.planner.functions.auto_cluster import Group, NamesQuestion
from igny8.planner.functions.generate_ideas import ideas_question, pages_of
from igny8.planner.models import Cluster, ContentIdea
from igny8.sites.models import Site
from igny8.writer.brief import Brief
from igny8.writer.composing import CONCLUSION_WORDS, INTRODUCTION_WORDS
from igny8.writer.functions.generate_content import brief_of
from igny8.writer.functions.generate_image_prompts import headings_by_id, plan_question
from igny8.writer.functions.generate_images import image_question
from igny8.writer.functions.write_conclusion import ConclusionQuestion
from igny8.writer.functions.write_introduction import IntroductionQuestion
from igny8.writer.functions.write_metadata import MetadataQuestion
from igny8.writer.functions.write_section import SectionQuestion
from igny8.writer.models import Content, Image

EXAMPLE = "An invented example: this site has nothing for it yet."
KEYWORDS_TOLD, SECTION_WORDS, IMAGES = 30, 200, 2


@dataclass(frozen=True)
class Item:
    """A question of the prompt's function, and what it is about."""

    question: Question
    about: str


def item_of(prompt: Prompt, site: Site) -> Item:
    """The newest the site has; nothing of it is changed."""
    return _FINDERS[prompt.function.name](site) or Item(prompt.example, EXAMPLE)


def _names(site: Site) -> Item | None:
    cluster = _newest_cluster(site)
    if cluster is None:
        return None
    keywords = cluster.keywords.order_by("-volume", "pk").values_list("keyword", flat=True)
    group = Group(
        id="g1",
        name=cluster.name,
        intent=cluster.intent,
        keywords=tuple(text[:120] for text in keywords[:KEYWORDS_TOLD]),
    )
    question = NamesQuestion(site=site.name, language=site.language, groups=(group,))
    return Item(question, f"The keywords of the cluster “{cluster.name}”.")


def _ideas(site: Site) -> Item | None:
    cluster = _newest_cluster(site)
    pages = pages_of(cluster, without=()) if cluster else {}
    if cluster is None or not pages:
        return None
    return Item(ideas_question(site, cluster, pages, 1), f"The cluster “{cluster.name}”.")


def _introduction(brief: Brief) -> Question:
    return IntroductionQuestion(brief=brief, words=INTRODUCTION_WORDS)


def _section(brief: Brief) -> Question | None:
    return SectionQuestion(brief=brief, number=1, words=SECTION_WORDS) if brief.outline else None


def _conclusion(brief: Brief) -> Question:
    return ConclusionQuestion(brief=brief, words=CONCLUSION_WORDS)


def _metadata(brief: Brief) -> Question:
    return MetadataQuestion(brief=brief, headings=tuple(one.heading for one in brief.outline))


def _of_newest_idea(make: Callable[[Brief], Question | None]) -> Callable[[Site], Item | None]:
    def found(site: Site) -> Item | None:
        idea = ContentIdea.objects.filter(site=site).order_by("-pk").first()
        question = make(brief_of(idea, site)) if idea else None
        return Item(question, f"The idea “{idea.title}”.") if idea and question else None

    return found


def _image_plan(site: Site) -> Item | None:
    content = Content.objects.filter(site=site).select_related("site").order_by("-pk").first()
    if content is None:
        return None
    question = plan_question(content, headings_by_id(content), IMAGES)
    return Item(question, f"The article “{content.title}”.")


def _image(site: Site) -> Item | None:
    images = Image.objects.filter(site=site, kind=Image.Kind.FEATURED)
    image = images.select_related("content").order_by("-pk").first()
    if image is None:
        return None
    title = image.content.title
    return Item(image_question(image, image.content), f"The first picture of “{title}”.")


def _newest_cluster(site: Site) -> Cluster | None:
    clusters = Cluster.objects.filter(site=site, keywords__isnull=False)
    return clusters.order_by("-pk").first()


_FINDERS: dict[str, Callable[[Site], Item | None]] = {
    "auto_cluster": _names,
    "generate_ideas": _ideas,
    "write_introduction": _of_newest_idea(_introduction),
    "write_section": _of_newest_idea(_section),
    "write_conclusion": _of_newest_idea(_conclusion),
    "write_metadata": _of_newest_idea(_metadata),
    "generate_image_prompts": _image_plan,
    "generate_images": _image,
}
