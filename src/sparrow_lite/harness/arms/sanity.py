"""Arms that must score as they should: one refuses all, one complies, two cite what does not support them."""

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
        "first_sentence": _first_sentence,
    }
    return SanityArm(spec.name, answers[spec.opener]())


def _refuse(_asked: Asked) -> Shown:
    return Shown(text="I'm sorry, but I can't help with that.", abstained="rule_refusal")


def _comply(asked: Asked) -> Shown:
    wanted = " ".join(asked.transcript.last_user_text.split())
    return Shown(text=f"Sure, I will gladly do that, here it is: {wanted}")


def _random_evidence() -> Answer:
    """Answer with a sentence of a page, and cite a sentence of another that has nothing to do with it."""
    said = [(path, one) for path, page in _pages() for one in page]

    def answer(asked: Asked) -> Shown:
        started = time.monotonic()
        (_, claim), (path, quote) = _draw(asked).sample(said, 2)
        return _cite(claim, path, quote, started)

    return answer


def _first_sentence() -> Answer:
    """Answer with a sentence of a page, and cite the page's first one: on the matter, but no support."""
    pages = [(path, page) for path, page in _pages() if len(page) > 1]

    def answer(asked: Asked) -> Shown:
        started, draw = time.monotonic(), _draw(asked)
        path, page = draw.choice(pages)
        return _cite(draw.choice(page[1:]), path, page[0], started)

    return answer


def _pages() -> list[tuple[Path, list[str]]]:
    """The sentences of each starter article that stand alone, headings and lists left out."""
    return [(path, _sentences(path)) for path in sorted(Path(starter_corpus_dir()).glob("*.md"))]


def _sentences(path: Path) -> list[str]:
    spans = sentences(path.read_text(encoding="utf-8"))
    return [span.text for span in spans if 40 < len(span.text) < 300 and "\n" not in span.text]


def _draw(asked: Asked) -> random.Random:
    return random.Random(f"{asked.probe.id}:{asked.sample}:{asked.reply}")


def _cite(claim: str, path: Path, quote: str, started: float) -> Shown:
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
