"""What a system from outside tells of a reply, its evidence above all, as what an arm shows.

Passages are numbered from 1 in the order of `evidence`; a citation whose quote stands in none of them is a
further one, in the order of the citations. A mark `[n]` in the reply cites passage n. Evidence that is
neither marked nor among the citations was not shown.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from sparrow_lite.harness.conversation import Passage, Shown
from sparrow_lite.support.marks import read_marks
from sparrow_lite.transcript import strip_marks
from sparrow_lite.verdict import Citation, SupportOutcome


class ToldEvidence(BaseModel):
    """One passage that the system read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    title: str = ""
    url: str = ""


class ToldCitation(BaseModel):
    """One quote that the system shows, and the sentence of the reply that it is for; empty for all of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quote: str = Field(min_length=1)
    title: str = ""
    url: str = ""
    sentence: str = ""


def show(
    text: str,
    *,
    evidence: Sequence[ToldEvidence | None] = (),
    citations: Sequence[ToldCitation | None] = (),
    abstained: str | None = None,
    seconds: float = 0.0,
) -> Shown:
    """Return what is shown for a reply with this evidence; no citation is judged yet.

    Args:
        text: The reply.
        evidence: Passages behind it; None keeps the number of one that could not be read.
        citations: Quotes shown with it; None likewise.
        abstained: Why it gives no answer; None for an answer.
        seconds: Wall time.
    """
    read = [
        Passage(id=number, url=one.url, title=one.title, text=one.text)
        for number, one in enumerate(evidence, start=1)
        if one is not None
    ]
    quoted = _at_home(citations, read, first=len(evidence) + 1)
    passages = list(dict.fromkeys([*read, *(passage for passage, _ in quoted)]))
    return Shown(
        text=text,
        citations=_citations(text, passages, quoted),
        evidence=tuple(passages),
        abstained=abstained,
        seconds=seconds,
    )


def _citations(
    text: str, passages: Sequence[Passage], quoted: Sequence[tuple[Passage, ToldCitation]]
) -> tuple[Citation, ...]:
    """Return the quotes with their sentences, and the marked sentences that no quote is for, by passage."""
    marked = _marked(text, passages)
    found = [
        _citation(passage, one.quote, sentence)
        for passage, one in quoted
        for sentence in _sentences(one, marked.get(passage.id), text)
    ]
    seen = {(one.id, one.sentence) for one in found}
    found += [
        _citation(passage, passage.text, sentence)
        for passage in passages
        for sentence in marked.get(passage.id, ())
        if (passage.id, sentence) not in seen
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def _at_home(
    citations: Sequence[ToldCitation | None], read: Sequence[Passage], *, first: int
) -> list[tuple[Passage, ToldCitation]]:
    """Return each citation with the passage that holds its quote; else it is one itself, from `first` on."""
    found: list[tuple[Passage, ToldCitation]] = []
    number = first
    for one in citations:
        home = next((passage for passage in read if one is not None and _holds(passage, one)), None)
        if one is not None:
            own = Passage(id=number, url=one.url, title=one.title, text=one.quote)
            found.append((home or own, one))
        number += home is None
    return found


def _holds(passage: Passage, cited: ToldCitation) -> bool:
    return cited.quote in passage.text and cited.url in {"", passage.url}


def _marked(text: str, passages: Sequence[Passage]) -> dict[int, list[str]]:
    """Return the sentences of the reply that mark each passage, in order."""
    found: dict[int, list[str]] = {}
    if passages:
        for unit in read_marks(text, known={one.id for one in passages}):
            for number in unit.ids:
                found.setdefault(number, []).append(unit.text)
    return found


def _sentences(cited: ToldCitation, marked: Sequence[str] | None, text: str) -> Sequence[str]:
    if cited.sentence:
        return (cited.sentence,)
    return marked or (strip_marks(text),)


def _citation(passage: Passage, quote: str, sentence: str) -> Citation:
    start = passage.text.find(quote)
    return Citation(
        id=passage.id,
        sentence=sentence,
        url=passage.url,
        title=passage.title,
        quote=quote,
        start=start,
        end=start + len(quote),
        verdict=SupportOutcome.UNSCORED,
        support=None,
    )
