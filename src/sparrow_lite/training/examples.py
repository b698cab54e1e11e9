"""What is learned from: pairs, questions and labelled turns, and how they are parted.

Parts are drawn by group (the page, the paragraph, the topic), so that nothing of a text that was trained on
is measured on; the draw depends on the group's name alone and is the same for every task and every run.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What an example serves for."""

    TRAIN = "train"
    CALIBRATE = "calibrate"
    HELD_OUT = "held_out"


def part_of(group: str, *, held_out: int = 20, calibrate: int = 10) -> Part:
    """Return the part of a group of examples.

    Args:
        group: Its name: a page's title, a paragraph, a topic.
        held_out: Percent of groups held out.
        calibrate: Percent of groups that thresholds are fitted on.
    """
    drawn = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % 100
    if drawn < held_out:
        return Part.HELD_OUT
    return Part.CALIBRATE if drawn < held_out + calibrate else Part.TRAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPair:
    """A claim and a passage, and whether the passage alone shows the whole claim to be true.

    Attributes:
        source: Name of the data set, or of the way in which the pair was made.
        part: What it serves for.
    """

    claim: str
    passage: str
    supported: bool
    source: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and a passage.

    Attributes:
        answers: (start, text) of every accepted answer in the passage; empty when it holds none.
        mistaken: (start, text) of a span that a careless reader would take, for a question without answers.
        title: Of the page.
    """

    id: str
    question: str
    passage: str
    answers: tuple[tuple[int, str], ...]
    mistaken: tuple[tuple[int, str], ...]
    title: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTurn:
    """A dialogue, and what is known of rules that its last turn keeps or breaks.

    Attributes:
        turns: (role, text), the judged reply of Sparrow's last.
        labels: Rule to 1.0 for broken, 0.0 for kept; of a rule not named nothing is known.
        any_of: Rules of which at least one is broken, when it is not known which.
        rule_texts: Texts of rules that are not among the shipped ones.
        source: Name of the data set or file.
        part: What it serves for.
    """

    turns: tuple[tuple[str, str], ...]
    labels: dict[str, float]
    source: str
    part: Part
    any_of: tuple[str, ...] = ()
    rule_texts: tuple[tuple[str, str], ...] = ()
