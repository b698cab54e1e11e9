"""The evidence check of one draft: every claim is cited and supported, softened, or dropped.

It fails closed: a claim without evidence is never kept as if it had some. It happens once; what was softened
or dropped stays in the record, and the page shows it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import stems
from sparrow_lite.reply import Fate, Sentence
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.support.cite import cite, readable
from sparrow_lite.support.claims import is_claim
from sparrow_lite.support.form import Form, change_prose, without_stand_ins
from sparrow_lite.support.marks import read_marks
from sparrow_lite.support.outline import Placed, place
from sparrow_lite.support.pointers import drop_links, drop_numbers_in_parentheses
from sparrow_lite.support.settle import SOFTENED_NOTE, Checked, settle, show
from sparrow_lite.verdict import Citation, SupportOutcome

_DANGLING_MARK = re.compile(r"(?:\s*\[\d{1,3}\]){1,12}(?=[.!?])|(?<=[.!?])(?:\s*\[\d{1,3}\]){1,12}")
UNCLAIMED = (Form.CODE, Form.TABLE_HEAD)
__all__ = ["SOFTENED_NOTE", "CheckedDraft", "check_evidence", "leave_unchecked"]


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
    draft = drop_numbers_in_parentheses(drop_links(without_stand_ins(draft)))
    placed = place(read_marks(draft, known=by_id))
    alone = [_check_unit(one, by_id, judge, soften_at=soften_at * judge.supported_at) for one in placed]
    checked = settle(alone, placed)
    left = [one for one in checked if one.fate is not Fate.DROPPED]
    return CheckedDraft(
        text=show(checked, placed),
        sentences=tuple(one.sentence for one in checked),
        citations=tuple(citation for one in left for citation in one.citations),
        claims=sum(one.claim for one in checked),
        kept_claims=sum(one.claim for one in left),
        support=tuple(one.support for one in checked if one.claim),
    )


def leave_unchecked(draft: str) -> CheckedDraft:
    """Return the draft as it is, for a turn that did not search: its claims count as without evidence.

    Its form is kept to the letter, since it may be a poem or a program; only what would point at nothing that
    was opened goes: links, lists of sources, and marks at a sentence's end.
    """
    draft = drop_links(without_stand_ins(draft))
    found = read_marks(draft, known=())
    claims = sum(marked.form not in UNCLAIMED and is_claim(marked.text) for marked in found)
    return CheckedDraft(
        text=change_prose(draft, lambda text: _DANGLING_MARK.sub("", text)).strip(),
        sentences=tuple(Sentence(text=marked.text) for marked in found),
        citations=(),
        claims=claims,
        kept_claims=claims,
        support=(0.0,) * claims,
        against_evidence=False,
    )


def _check_unit(one: Placed, by_id: dict[int, Evidence], judge: SupportJudge, *, soften_at: float) -> Checked:
    unit = one.unit
    # A mark says that the model meant it as a claim.
    if unit.form in UNCLAIMED or not (is_claim(unit.text) or unit.ids or unit.unknown):
        return Checked(unit=unit)
    pieces = [by_id[number] for number in unit.ids] or _likeliest(one.said, list(by_id.values()))
    citations = _without_item(cite(one.said, pieces, judge), one)
    if not unit.ids:
        citations = tuple(found for found in citations if found.verdict is SupportOutcome.SUPPORTED)[:1]
    if any(found.verdict is SupportOutcome.SUPPORTED for found in citations):
        supported = tuple(found for found in citations if found.verdict is not SupportOutcome.NOT_SUPPORTED)
        return Checked(unit=unit, citations=supported, claim=True)
    fate, reason = _unsupported(citations, soften_at=soften_at)
    return Checked(unit=unit, citations=citations, fate=fate, reason=reason, claim=True)


def _without_item(citations: tuple[Citation, ...], one: Placed) -> tuple[Citation, ...]:
    """The citations, none of them supporting when they say the lead-in's words and few of the item's."""
    if one.head is None or one.unit.form is not Form.PROSE:
        return citations
    item = one.unit.text.removeprefix(one.unit.list_mark).strip()
    wanted = set(stems(item))
    held = {stem for found in citations for stem in stems(f"{found.title} {found.quote}")}
    if 2 * len(wanted & held) >= len(wanted):
        return citations
    return tuple(
        replace(found, verdict=SupportOutcome.NOT_SUPPORTED, missing=(*found.missing, item))
        for found in citations
    )


def _unsupported(citations: tuple[Citation, ...], *, soften_at: float) -> tuple[Fate, str]:
    """What becomes of a claim that no citation supports, and why."""
    if not citations:
        return Fate.DROPPED, "cites nothing, and no passage supports it"
    best = max(citations, key=lambda found: (found.support or 0.0, not found.missing))
    if best.missing:
        return Fate.DROPPED, f"the quote or its page does not hold {', '.join(best.missing)}"
    if all(found.verdict is SupportOutcome.UNSCORED for found in citations):
        return Fate.SOFTENED, "the judge could not score it"
    fate = Fate.SOFTENED if (best.support or 0.0) >= soften_at else Fate.DROPPED
    return fate, f"support {best.support:.2f} is too low"


def _likeliest(sentence: str, evidence: list[Evidence]) -> list[Evidence]:
    """The two passages that share most content words with a sentence that cites none."""
    wanted = set(stems(sentence))
    shared = sorted(evidence, key=lambda piece: -len(wanted & set(stems(readable(piece)))))
    return shared[:2]
