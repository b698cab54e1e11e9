"""The evidence check of one draft: every claim is cited and supported, softened, or dropped.

It fails closed: a claim without evidence is never kept as if it had some. It happens once; what was softened
or dropped stays in the record, and the page shows it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import stems
from sparrow_lite.reply import Fate, Sentence
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.support.cite import cite, readable
from sparrow_lite.support.claims import is_claim
from sparrow_lite.support.marks import MarkedSentence, read_marks
from sparrow_lite.verdict import Citation, SupportOutcome

_DANGLING_MARK = re.compile(r"(?:\s*\[\d{1,3}\]){1,12}(?=[.!?])|(?<=[.!?])(?:\s*\[\d{1,3}\]){1,12}")
SOFTENED_NOTE = "(only partly supported by the source)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """A draft after the check.

    Attributes:
        text: What is left, with `[n]` marks; empty when nothing is.
        sentences: Every sentence of the draft and its fate, in order.
        citations: Those of the sentences that are left, in the order of the text.
        claims: How many sentences claim something.
        kept_claims: How many of those are left, softened ones included.
        support: The best support of each claim, in order; 0.0 for one without evidence, None when unscored.
        against_evidence: Whether claims were held against evidence at all.
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    claims: int
    kept_claims: int
    support: tuple[float | None, ...]
    against_evidence: bool = True

    @classmethod
    def empty(cls) -> "CheckedDraft":
        """Return the check of a draft without sentences."""
        return cls(text="", sentences=(), citations=(), claims=0, kept_claims=0, support=())


def check_evidence(
    draft: str, evidence: Sequence[Evidence], judge: SupportJudge, *, soften_at: float
) -> CheckedDraft:
    """Return the draft with every claim checked against the evidence.

    A claim without a mark is given the passage that supports it, when there is one.

    Args:
        draft: The model's words, with `[n]` marks.
        evidence: The passages that may be cited.
        judge: Scores a sentence against a passage.
        soften_at: Share of the judge's threshold from which an unsupported claim is softened, not dropped.
    """
    by_id = {piece.id: piece for piece in evidence}
    checked = [
        _check_sentence(marked, by_id, judge, soften_at=soften_at * judge.supported_at)
        for marked in read_marks(draft, known=by_id)
    ]
    left = [one for one in checked if one.sentence.fate is not Fate.DROPPED]
    return CheckedDraft(
        text="".join(one.shown for one in left).strip(),
        sentences=tuple(one.sentence for one in checked),
        citations=tuple(citation for one in left for citation in one.citations),
        claims=sum(one.claim for one in checked),
        kept_claims=sum(one.claim for one in left),
        support=tuple(one.support for one in checked if one.claim),
    )


def leave_unchecked(draft: str) -> CheckedDraft:
    """Return the draft as it is, for a turn that did not search: its claims count as without evidence.

    Its form is kept to the letter, since it may be a poem or a program; only marks at a sentence's end go,
    which would point at nothing.
    """
    found = read_marks(draft, known=())
    claims = sum(is_claim(marked.text) for marked in found)
    return CheckedDraft(
        text=_DANGLING_MARK.sub("", draft).strip(),
        sentences=tuple(Sentence(text=marked.text) for marked in found),
        citations=(),
        claims=claims,
        kept_claims=claims,
        support=(0.0,) * claims,
        against_evidence=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    sentence: Sentence
    citations: tuple[Citation, ...]
    shown: str
    claim: bool
    support: float | None


def _check_sentence(
    marked: MarkedSentence, by_id: dict[int, Evidence], judge: SupportJudge, *, soften_at: float
) -> _Checked:
    # A mark says that the model meant it as one.
    if not (is_claim(marked.text) or marked.ids or marked.unknown):
        return _checked(marked, (), Fate.KEPT, "", claim=False)
    pieces = [by_id[number] for number in marked.ids] or _likeliest(marked.text, list(by_id.values()))
    citations = cite(marked.text, pieces, judge)
    if not marked.ids:
        citations = tuple(found for found in citations if found.verdict is SupportOutcome.SUPPORTED)[:1]
    if any(found.verdict is SupportOutcome.SUPPORTED for found in citations):
        supported = tuple(found for found in citations if found.verdict is not SupportOutcome.NOT_SUPPORTED)
        return _checked(marked, supported, Fate.KEPT, "", claim=True)
    return _unsupported(marked, citations, soften_at=soften_at)


def _unsupported(marked: MarkedSentence, citations: tuple[Citation, ...], *, soften_at: float) -> _Checked:
    if not citations:
        reason = "cites nothing, and no passage supports it"
        return _checked(marked, (), Fate.DROPPED, reason, claim=True)
    best = max(citations, key=lambda found: (found.support or 0.0, not found.missing))
    if best.missing:
        reason = f"the quote or its page does not hold {', '.join(best.missing)}"
        return _checked(marked, citations, Fate.DROPPED, reason, claim=True)
    if all(found.verdict is SupportOutcome.UNSCORED for found in citations):
        return _checked(marked, citations, Fate.SOFTENED, "the judge could not score it", claim=True)
    fate = Fate.SOFTENED if (best.support or 0.0) >= soften_at else Fate.DROPPED
    return _checked(marked, citations, fate, f"support {best.support:.2f} is too low", claim=True)


def _checked(
    marked: MarkedSentence, citations: tuple[Citation, ...], fate: Fate, reason: str, *, claim: bool
) -> _Checked:
    ids = tuple(dict.fromkeys(found.id for found in citations))
    marks = "".join(f"[{number}]" for number in ids)
    words = [marked.text, marks, SOFTENED_NOTE if fate is Fate.SOFTENED else ""]
    scores = [found.support for found in citations if found.support is not None]
    return _Checked(
        sentence=Sentence(text=marked.text, ids=ids, fate=fate, reason=reason),
        citations=citations,
        shown=marked.before + " ".join(word for word in words if word),
        claim=claim,
        support=max(scores) if scores else (None if citations else 0.0),
    )


def _likeliest(sentence: str, evidence: list[Evidence]) -> list[Evidence]:
    """The two passages that share most content words with a sentence that cites none."""
    wanted = set(stems(sentence))
    shared = sorted(evidence, key=lambda piece: -len(wanted & set(stems(readable(piece)))))
    return shared[:2]
