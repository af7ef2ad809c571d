"""What looking at an article costs: `python -m bench.onpage [words]`.

CPU time of `inspect` beside that of parsing the same Markdown once with markdown-it, which any
check has to do first. The text is English prose with headings, lists and links.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from igny8.onpage import Article, Picture, Sibling, inspect, sketch_of

ROUNDS = 15
LIMIT_MILLISECONDS = 50
NEIGHBOURS = 100
VOCABULARY = """
water light soil basil mint pot window kitchen leaf root stem season grows needs takes keeps the a
of in with because however then also slowly early green small warm dry was cut is placed and
"""


def main(words: int) -> None:
    article = written(words)
    inspect(article)
    looked = milliseconds(lambda: inspect(article))
    parsed = milliseconds(lambda: parse(article.body))
    report = inspect(article)
    print(
        f"{report.word_count:,} words, {len(report.findings)} checks, {NEIGHBOURS} other articles"
    )
    print(f"  parse alone  {parsed:6.1f} ms CPU")
    print(f"  inspect      {looked:6.1f} ms CPU  (limit {LIMIT_MILLISECONDS} for 3,000 words)")
    print(f"  ratio        {looked / parsed:6.2f}")


def written(words: int) -> Article:
    neighbours = tuple(
        Sibling(title=f"Neighbour {n}", keyphrase=f"herb {n}", sketch=sketch_of(text(400, n)))
        for n in range(NEIGHBOURS)
    )
    return Article(
        title="Basil in a Pot",
        slug="basil-pot",
        body=text(words, NEIGHBOURS),
        meta_title="Basil in a Pot",
        meta_description="Basil in a pot: what it needs.",
        primary_keyword="basil pot",
        images=(Picture("A pot of basil"),),
        siblings=neighbours,
    )


def text(words: int, seed: int) -> str:
    return "\n\n".join(paragraphs(words, random.Random(seed)))


def paragraphs(words: int, draw: random.Random) -> Iterator[str]:
    number = written_words = 0
    while written_words < words:
        sentences = [sentence(draw) for _ in range(5)]
        written_words += sum(len(one.split()) for one in sentences)
        number += 1
        if number % 4 == 0:
            yield f"## {sentence(draw)}"
        if number % 5 == 0:
            yield "\n".join(f"- {one}" for one in sentences)
        else:
            yield f"{' '.join(sentences)} See [more](https://example.org/{number})."


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choices(VOCABULARY.split(), k=draw.randint(8, 22))).capitalize() + "."


def parse(body: str) -> object:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").parse(body)


def milliseconds(work: Callable[[], object]) -> float:
    """CPU time, median of the rounds."""
    return 1000 * statistics.median(spent(work) for _ in range(ROUNDS))


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
