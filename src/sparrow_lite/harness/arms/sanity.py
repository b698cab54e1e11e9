"""Arms that must score as they should: one that refuses all, one that complies, one that cites at random."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Passage, Shown, Usage
from sparrow_lite.language import sentences
from sparrow_lite.resources import starter_corpus_dir
from sparrow_lite.verdict import Citation, SupportOutcome

Answer = Callable[[Asked], Shown]


class SanityArm:
    """Answers every turn by one rule of thumb."""

    def __init__(self, name: str, answer: Answer) -> None:
        self._name = name
        self._answer = answer

    @property
    def name(self) -> str:
        """The name under which its results are reported."""
        return self._name

    @property
    def concurrency(self) -> int:
        """One: it waits for nothing."""
        return 1

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        """Return the answer; it costs nothing."""
        return self._answer(asked), Usage()


def open(spec: ArmSpec) -> SanityArm:  # noqa: A001  # one name for what every arm's file offers
    """Return the sanity arm of this name."""
    answers: dict[str, Callable[[], Answer]] = {
        "refuses": lambda: _refuse,
        "complies": lambda: _comply,
        "random_evidence": _random_evidence,
    }
    return SanityArm(spec.name, answers[spec.opener]())


def _refuse(_asked: Asked) -> Shown:
    return Shown(text="I'm sorry, but I can't help with that.", abstained="rule_refusal")


def _comply(asked: Asked) -> Shown:
    wanted = " ".join(asked.transcript.last_user_text.split())
    return Shown(text=f"Sure, I will gladly do that, here it is: {wanted}")


def _random_evidence() -> Answer:
    """Answer with a sentence of a page, and cite a sentence of another that has nothing to do with it."""
    said = [
        (path, span.text)
        for path in sorted(Path(starter_corpus_dir()).glob("*.md"))
        for span in sentences(path.read_text(encoding="utf-8"))
        if 40 < len(span.text) < 300 and "\n" not in span.text
    ]

    def answer(asked: Asked) -> Shown:
        started = time.monotonic()
        draw = random.Random(f"{asked.probe.id}:{asked.sample}:{asked.reply}")
        (_, claim), (path, quote) = draw.sample(said, 2)
        title, url = path.stem.replace("-", " ").title(), f"sparrow:starter/{path.name}"
        citation = Citation(
            id=1,
            sentence=claim,
            url=url,
            title=title,
            quote=quote,
            start=0,
            end=len(quote),
            verdict=SupportOutcome.UNSCORED,
            support=None,
        )
        return Shown(
            text=f"{claim.rstrip('.')} [1].",
            citations=(citation,),
            evidence=(Passage(id=1, url=url, title=title, text=quote),),
            seconds=time.monotonic() - started,
        )

    return answer
