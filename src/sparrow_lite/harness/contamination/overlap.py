"""Which probes of a suite stand in training data: by whole texts, by long runs of words, by the canary.

Memory grows with the suite, never with the training data, which is a stream.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sparrow_lite.harness.contamination.texts import TrainingText
from sparrow_lite.harness.probe import Probe, Suite
from sparrow_lite.transcript import Role

# Thirteen words are the run by which the training sets of large models were compared with benchmarks (Brown
# et al. 2020, appendix C). A shorter text counts where the whole of it stands within another one.
RUN_WORDS, LEAST_RUN_WORDS = 13, 8
# One turn of several, such as "Thanks, that helps", proves nothing; a whole probe does, however short.
LEAST_TURN_WORDS = 6
_WORD = re.compile(r"\w+")
_BLANK = re.compile(r"\n\s*\n")
_SPEAKER = re.compile(r"^\s*(?:human|user|assistant|system)\s*:", re.IGNORECASE)


class Overlap(StrEnum):
    """How a probe meets training data."""

    SAME = "same_text"
    RUN = "run_of_words"
    CANARY = "canary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contaminated:
    """One finding; of each kind, the first one of a probe.

    Attributes:
        probe: Id of the probe; empty for the suite's canary.
        overlap: How it was found.
        words: The words that both have.
        source: File and line of the training data.
    """

    probe: str
    overlap: Overlap
    words: str
    source: str


def normalized(text: str) -> str:
    """Return the text's words in lower case, one space apart: what is compared."""
    return " ".join(_WORD.findall(text.casefold()))


def pieces(text: str) -> Iterator[str]:
    """Yield the normalised text, and each paragraph of it, without the speaker's name before a turn."""
    if len(text.split()) > 1:  # one word is an id, an address or a label
        yield normalized(text)
    paragraphs = _BLANK.split(text)
    if len(paragraphs) > 1:
        for paragraph in paragraphs:
            yield normalized(_SPEAKER.sub("", paragraph))


def probe_texts(probe: Probe) -> frozenset[str]:
    """Return the normalised texts by which a probe is known: all that the user says, and each longer turn."""
    turns = (normalized(turn.text) for turn in probe.turns if turn.role is Role.USER)
    longer = {turn for turn in turns if len(turn.split()) >= LEAST_TURN_WORDS}
    return frozenset(longer | {normalized(probe.user_text)}) - {""}


def find_contaminated(suite: Suite, training: Iterable[TrainingText]) -> tuple[Contaminated, ...]:
    """Return what of the suite stands in the training data, in the order in which it was found.

    A probe is found when its whole text is the whole of a training text or of a paragraph of one; when a
    run of 13 words of the user's stands in one; or, for a turn of 8 to 12 words, when all of it does. Case
    and punctuation do not matter. The suite's canary is looked for as it is written.
    """
    same, runs = _index(suite)
    found: dict[tuple[str, Overlap], Contaminated] = {}
    for one in training:
        for probe, overlap, words in _matches(one.text, same, runs):
            entry = Contaminated(probe=probe, overlap=overlap, words=words, source=one.source)
            found.setdefault((probe, overlap), entry)
        if suite.canary and suite.canary in one.text:
            entry = Contaminated(probe="", overlap=Overlap.CANARY, words=suite.canary, source=one.source)
            found.setdefault(("", Overlap.CANARY), entry)
    return tuple(found.values())


_Index = Mapping[str, set[str]]
_Runs = Mapping[str, list[tuple[str, str]]]


def _index(suite: Suite) -> tuple[_Index, _Runs]:
    """Probes by their whole texts; and by the first words of each run, with the run."""
    same: dict[str, set[str]] = defaultdict(set)
    runs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for probe in suite.probes:
        for text in probe_texts(probe):
            same[text].add(probe.id)
        for turn in probe.turns:
            if turn.role is Role.USER:
                for key, run in _runs_of(normalized(turn.text).split()):
                    runs[key].append((run, probe.id))
    return same, runs


def _runs_of(words: list[str]) -> Iterator[tuple[str, str]]:
    """Each run to look for, with its first words, by which it is looked up."""
    length = min(len(words), RUN_WORDS)
    if length >= LEAST_RUN_WORDS:
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            yield " ".join(run[:LEAST_RUN_WORDS]), " ".join(run)


def _matches(text: str, same: _Index, runs: _Runs) -> Iterator[tuple[str, Overlap, str]]:
    for piece in pieces(text):
        for probe in sorted(same.get(piece, ())):
            yield probe, Overlap.SAME, piece
    words = normalized(text).split()
    for start in range(len(words) - LEAST_RUN_WORDS + 1):
        candidates = runs.get(" ".join(words[start : start + LEAST_RUN_WORDS]))
        for run, probe in candidates or ():
            if " ".join(words[start : start + run.count(" ") + 1]) == run:
                yield probe, Overlap.RUN, run
