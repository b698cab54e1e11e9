"""Pairs for the support judge, made from plain passages and from questions with their answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from sparrow_lite.language import Span, sentences
from sparrow_lite.training.edits import falsified, shortened
from sparrow_lite.training.examples import Part, Question, SupportPair

_SUBJECT = re.compile(
    r"^(?:who|what|which(?: \w+){1,2})\s+(?!(?:is|are|was|were|do|does|did|has|have|can)\b)", re.I
)
_IDENTITY = re.compile(r"^(?:who|what)\s+(is|are|was|were)\s+(.+)$", re.I)
_POINTS_BACK = re.compile(r"^(?:It|He|She|They|This|That|These|Those|His|Her|Its|Their)\b")


def pairs_from_passage(passage: str, part: Part, random: Random) -> Iterator[SupportPair]:
    """Yield pairs of the passage's sentences: as they are, shortened, falsified, and without their source."""
    spans = [span for span in sentences(passage) if 6 <= len(span.text.split()) <= 45]
    if len(spans) < 2:
        return
    for span in random.sample(spans, min(2, len(spans))):
        claim = shortened(span.text, random) if random.random() < 0.7 else span.text
        pair = _pair(claim, passage, part, supported=True)
        yield pair
        yield from _negatives(claim, span, pair, spans, random)


def _negatives(
    claim: str, span: Span, pair: SupportPair, spans: Sequence[Span], random: Random
) -> Iterator[SupportPair]:
    passage, part = pair.passage, pair.part
    page = passage[: span.start] + passage[span.end :]
    kind = random.random()
    if kind < 0.65:
        edited = falsified(claim, page, random)
        if edited:
            yield _pair(edited, passage, part, supported=False)
    elif kind < 0.8 and not _POINTS_BACK.match(claim):
        yield _pair(claim, page, part, supported=False)
    else:
        other = random.choice([one for one in spans if one is not span])
        joined = f"{claim.rstrip('. ')}, and {other.text[:1].lower()}{other.text[1:]}"
        without = passage[: other.start] + passage[other.end :]
        yield _pair(joined, passage, part, supported=True)
        yield _pair(joined, without, part, supported=False)


def pairs_from_question(question: Question, others: Sequence[str], random: Random) -> Iterator[SupportPair]:
    """Yield the question with its answer, and with another answer of the same passage, as claims.

    Args:
        question: The question.
        others: Answers to other questions about the passage.
        random: Draws.
    """
    answers = dict.fromkeys(text for _, text in question.answers)
    if answers:
        yield _pair(stated(question.question, min(answers, key=len)), question.passage, question.part, True)
    wrong = [text for _, text in question.mistaken] or [one for one in others if not _same(one, answers)]
    if wrong:
        claim = stated(question.question, random.choice(wrong))
        yield _pair(claim, question.passage, question.part, supported=False)


def _same(answer: str, answers: Iterable[str]) -> bool:
    return any(answer.lower() in one.lower() or one.lower() in answer.lower() for one in answers)


def stated(question: str, answer: str) -> str:
    """Return the question and its answer as a statement where that is simple, else one after the other."""
    asked = question.rstrip("? ")
    if found := _IDENTITY.match(asked):
        return f"{found[2][:1].upper()}{found[2][1:]} {found[1].lower()} {answer}."
    if found := _SUBJECT.match(asked):
        return f"{answer[:1].upper()}{answer[1:]} {asked[found.end() :]}."
    return f"{question} {answer[:1].upper()}{answer[1:]}."


def _pair(claim: str, passage: str, part: Part, supported: bool) -> SupportPair:
    return SupportPair(claim=claim, passage=passage, supported=supported, source="made", part=part)
