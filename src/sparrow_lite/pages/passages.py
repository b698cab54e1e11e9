"""Which passages of the opened pages a turn may quote.

Pages are cut at the borders of paragraphs and sentences, and ranked by BM25 against all queries together.
Owns no judgement of support: a passage that ranks first may still say nothing of the question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.language import Span, sentences, stems

ADDRESSES_ASSISTANT = "addresses_assistant"

# A paragraph's end closes a passage that is at least this full.
_FULL_ENOUGH = 0.5
# What the score of a passage is worth on a page that speaks to an assistant.
_SUSPECT_WORTH = 0.5
# A page whose best passage scores less than this share of the best of all has no claim to a place of its own.
_GOOD_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Passage:
    page: Page
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.page.text[self.start : self.end]


def choose_passages(
    pages: Sequence[Page], queries: Sequence[str], *, count: int, chars: int
) -> tuple[Evidence, ...]:
    """Return at most `count` passages, best first, numbered from 1.

    The best passage of each good page comes before the second of any. Passages that share no word with a
    query are left out, unless all are so: then the first of each page stand, with score 0.0. No text comes
    twice.

    Args:
        pages: The pages that were opened; those flagged `addresses_assistant` rank lower.
        queries: All of them count.
        count: Most passages.
        chars: Most characters of a passage, at least 1.
    """
    passages = [_Passage(page, *span) for page in pages for span in _cut(page.text, chars)]
    scored = _scored(passages, queries)
    if not any(score > 0.0 for _, score in scored):
        scored = [(passage, 0.0) for passage in passages if passage.start == _first(passage.page.text)]
    else:
        scored = sorted((pair for pair in scored if pair[1] > 0.0), key=lambda pair: -pair[1])
    chosen = _pages_first(_distinct(scored))[:count]
    return tuple(
        Evidence(id=number, page=passage.page, start=passage.start, end=passage.end, score=score)
        for number, (passage, score) in enumerate(chosen, start=1)
    )


def _cut(text: str, chars: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each passage, in order."""
    start = end = -1
    for piece in _pieces(sentences(text), chars):
        if start >= 0 and not _joins(text, (start, end), piece, chars):
            yield start, end
            start = -1
        start, end = (piece.start if start < 0 else start), piece.end
    if start >= 0:
        yield start, end


def _joins(text: str, passage: tuple[int, int], piece: Span, chars: int) -> bool:
    start, end = passage
    if piece.end - start > chars:
        return False
    return end - start < chars * _FULL_ENOUGH or "\n" not in text[end : piece.start]


def _pieces(spans: Sequence[Span], chars: int) -> Iterator[Span]:
    """Yield the sentences, those that are too long cut between words where that is possible."""
    for span in spans:
        start = span.start
        while span.end - start > chars:
            room = span.text[start - span.start :][:chars]
            length = max(room.rfind(" "), 0) or chars
            yield Span(start=start, end=start + length, text=room[:length])
            start += length + (1 if room[length : length + 1] == " " else 0)
        if start < span.end:
            yield Span(start=start, end=span.end, text=span.text[start - span.start :])


def _scored(passages: Sequence[_Passage], queries: Sequence[str]) -> list[tuple[_Passage, float]]:
    """Return each passage with its score, in the order given; the words of a page's title count for each."""
    wanted = [list(dict.fromkeys(stems(query))) for query in queries]
    if not passages or not any(wanted):
        return [(passage, 0.0) for passage in passages]
    import bm25s

    titles = {page.title: stems(page.title) for page in {id(p.page): p.page for p in passages}.values()}
    index = bm25s.BM25()
    index.index([stems(p.text) + titles[p.page.title] for p in passages], show_progress=False)
    totals = sum(index.get_scores(words) for words in wanted if words)
    return [
        (passage, float(total) * (_SUSPECT_WORTH if _is_suspect(passage.page) else 1.0))
        for passage, total in zip(passages, totals, strict=True)
    ]


def _pages_first(scored: Sequence[tuple[_Passage, float]]) -> list[tuple[_Passage, float]]:
    """Return the pairs with the first of each good page in front, both parts in the order given."""
    least = max((score for _, score in scored), default=0.0) * _GOOD_SHARE
    seen: set[int] = set()
    first: list[tuple[_Passage, float]] = []
    rest: list[tuple[_Passage, float]] = []
    for pair in scored:
        passage, score = pair
        good = score >= least and not _is_suspect(passage.page) and id(passage.page) not in seen
        (first if good else rest).append(pair)
        seen.add(id(passage.page))
    return first + rest


def _distinct(scored: Sequence[tuple[_Passage, float]]) -> list[tuple[_Passage, float]]:
    """Return the pairs without those whose text came before, on a copy of a page for instance."""
    unique: dict[str, tuple[_Passage, float]] = {}
    for pair in scored:
        unique.setdefault(pair[0].text.casefold(), pair)
    return list(unique.values())


def _is_suspect(page: Page) -> bool:
    return ADDRESSES_ASSISTANT in page.flags


def _first(text: str) -> int:
    return len(text) - len(text.lstrip())
