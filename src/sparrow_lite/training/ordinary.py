"""Ordinary replies of the agent's own: sentences of the starter corpus, and its notices.

They keep every rule. Thresholds are fitted so that few of them are stopped, and it is measured how many are.
"""

from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.language import sentences
from sparrow_lite.reply import AbstainReason
from sparrow_lite.resources import starter_corpus_dir
from sparrow_lite.training.examples import LabelledTurn, Part, part_of
from sparrow_lite.turn.notices import read_notices

ORDINARY = "ordinary"
_SENTENCES_APART, _SHORTEST = 4, 3


def ordinary_turns() -> Iterator[LabelledTurn]:
    """Yield the turns; an article is in one part only, half of them held out, and none is trained on."""
    for path in sorted(starter_corpus_dir().glob("*.md")):
        yield from _article(path)
    notices = read_notices()
    for reason in AbstainReason:
        # The two others are filled with what one reply says.
        if reason not in {AbstainReason.RULE_REFUSAL, AbstainReason.EVIDENCE_CONFLICTS}:
            notice = notices.abstention(reason)
            asked = (("user", "Who wrote Hamlet?"), ("sparrow", notice), ("user", "When was Varn built?"))
            yield _turn((*asked, ("sparrow", notice)), Part.CALIBRATE)


def _article(path: Path) -> Iterator[LabelledTurn]:
    heading, _, text = path.read_text(encoding="utf-8").partition("\n")
    part = part_of(path.stem, held_out=50, calibrate=50)
    said = [span.text for span in sentences(text)]
    # Short ones too: the shortest answers look most like broken-off ones.
    for sentence in dict.fromkeys((*said[::_SENTENCES_APART], *sorted(said, key=len)[:_SHORTEST])):
        asked = ("user", f"What can you tell me about {heading.strip('# ')}?")
        yield _turn((asked, ("sparrow", sentence)), part)


def _turn(turns: tuple[tuple[str, str], ...], part: Part) -> LabelledTurn:
    return LabelledTurn(turns=turns, labels={}, source=ORDINARY, part=part)
