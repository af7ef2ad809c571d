"""Pictures in an article's Markdown."""

from markdown_it import MarkdownIt

from igny8.writer.placing import PlacedImage, place_images, with_images

BODY = """\
*A note.*

Opening words.

## First \\*things\\* first

One paragraph
over two lines.

Another one.

## Lists

- a
- b

## Empty
"""


def image(name: str, anchor: str = "", caption: str = "") -> PlacedImage:
    return PlacedImage(
        address=f"images/{name}.webp", alt=f"alt {name}", anchor=anchor, caption=caption
    )


def lines_around(text: str, name: str) -> list[str]:
    blocks = text.split("\n\n")
    [at] = [n for n, block in enumerate(blocks) if f"images/{name}.webp" in block]
    return [blocks[at - 1] if at else "", blocks[at + 1] if at + 1 < len(blocks) else ""]


def test_the_image_without_an_anchor_opens_the_article() -> None:
    assert with_images(BODY, [image("lead")]).startswith(
        "![alt lead](images/lead.webp)\n\n*A note.*\n"
    )


def test_an_image_follows_the_first_paragraph_of_its_section() -> None:
    text = with_images(BODY, [image("one", "First *things* first")])
    assert lines_around(text, "one") == ["One paragraph\nover two lines.", "Another one."]


def test_without_a_paragraph_it_follows_the_heading() -> None:
    text = with_images(BODY, [image("empty", "Empty"), image("list", "lists")])
    assert lines_around(text, "empty")[0] == "## Empty"
    assert lines_around(text, "list") == ["## Lists", "- a\n- b"]


def test_an_image_whose_section_is_gone_closes_the_article() -> None:
    text = with_images(BODY, [image("lost", "No such section")])
    assert text.endswith("## Empty\n\n![alt lost](images/lost.webp)\n")


def test_a_heading_inside_code_is_no_section() -> None:
    body = "```\n## Fake\n```\n\n## Fake\n\nText.\n"
    assert lines_around(with_images(body, [image("a", "Fake")]), "a")[0] == "Text."


def test_alt_and_caption_read_as_they_were_written() -> None:
    odd = PlacedImage(address="images/a.webp", alt='A [b] *c* "d"', caption='Say "x" \\ y')
    [block] = MarkdownIt().parse(with_images("Text.", [odd]))[1:2]
    [picture] = block.children or []
    assert "".join(child.content for child in picture.children or []) == 'A [b] *c* "d"'
    assert picture.attrGet("title") == 'Say "x" \\ y'


def test_nothing_of_the_text_is_lost() -> None:
    text = with_images(BODY, [image("a"), image("b", "Lists"), image("c", "?")])
    kept = [block for block in text.strip().split("\n\n") if not block.startswith("![")]
    assert kept == BODY.strip().split("\n\n")
    assert with_images(BODY, []) == BODY


def test_line_ends_of_any_kind_are_line_ends() -> None:
    text = with_images("## A\r\n\r\nText.\r\n\r\n## B\r\n", [image("a", "A")])
    assert text == "## A\n\nText.\n\n![alt a](images/a.webp)\n\n## B\n"


def test_each_line_knows_where_it_stands_in_the_body() -> None:
    placed = place_images(BODY, [image("head"), image("soil", "Lists"), image("end", "Nowhere")])
    body = BODY.split("\n")

    told = list(zip(placed.text.split("\n"), placed.lines, strict=True))
    assert all(text == body[number - 1] for text, number in told if number)
    assert [number for text, number in told if text.startswith("![")] == [0, 0, 0]
    filled = {number for number, text in enumerate(body, 1) if text}
    assert filled <= set(placed.lines)
