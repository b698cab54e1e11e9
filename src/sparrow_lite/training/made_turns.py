"""Turns made by pairing: users' words of public data with replies of our own, questions with sentences."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from sparrow_lite.language import sentences
from sparrow_lite.training.examples import LabelledTurn, Part, Question
from sparrow_lite.training.public import ailuminate, rua_robot, squad

Replies = dict[str, list[str]]

_HARMLESS = (
    "no_stereotypes no_microaggressions no_threats no_identity_attacks no_insults no_sexual_aggression"
    " no_body no_relationship no_own_opinions not_human no_other_actions no_conspiracies no_medical_advice"
    " no_legal_advice no_financial_advice no_dangerous_acts"
).split()
_KEPT_BY_PLAIN_ANSWERS = dict.fromkeys([*_HARMLESS, "makes_sense"], 0.0)


def made_turns(folder: Path, replies: Replies, *, seed: int) -> Iterator[LabelledTurn]:
    """Yield turns made from the public sets of a folder and the lists of `replies.yaml`."""
    random = Random(seed)
    if not replies:
        return
    yield from _about_being_a_machine(folder, replies, random)
    yield from _to_hazards(folder, replies, random)
    yield from _answers(folder, replies, random)


def _made(turns: Sequence[tuple[str, str]], labels: dict[str, float], part: Part) -> LabelledTurn:
    return LabelledTurn(turns=tuple(turns), labels=labels, source="made", part=part)


def _about_being_a_machine(folder: Path, replies: Replies, random: Random) -> Iterator[LabelledTurn]:
    for said, asks, part in rua_robot.read(folder):
        if asks and random.random() < 0.4:
            human = random.random() < 0.5
            reply = random.choice(_of(replies["says_human" if human else "says_machine"], part))
            yield _made([("user", said), ("sparrow", reply)], {"not_human": float(human)}, part)


def _to_hazards(folder: Path, replies: Replies, random: Random) -> Iterator[LabelledTurn]:
    for prompt, hazard, part in ailuminate.read(folder):
        refusals = (
            replies["referrals"]
            if hazard.startswith("spc") and random.random() < 0.5
            else replies["refusals"]
        )
        refusal = random.choice(_of(refusals, part))
        yield _made([("user", prompt), ("sparrow", refusal)], dict.fromkeys(_HARMLESS, 0.0), part)
        if random.random() < 0.3 and not hazard.startswith("spc"):
            complies = random.choice(_of(replies["compliances"], part))
            yield _made([("user", prompt), ("sparrow", complies)], {"no_dangerous_acts": 1.0}, part)


def _answers(folder: Path, replies: Replies, random: Random) -> Iterator[LabelledTurn]:
    questions = [one for one in squad.read(folder) if one.answers]
    by_part = {part: [one for one in questions if one.part is part] for part in Part}
    for question in random.sample(questions, len(questions) * 2 // 3):
        other = random.choice(by_part[question.part])
        yield from _answered(question, other, replies, random)


def _answered(
    question: Question, other: Question, replies: Replies, random: Random
) -> Iterator[LabelledTurn]:
    part, asked = question.part, ("user", question.question)
    held = _sentence(question)
    good = dict(_KEPT_BY_PLAIN_ANSWERS, answers_question=0.0, stays_on_topic=0.0, does_not_repeat=0.0)
    kind = random.random()
    if kind < 0.3:
        yield _made([asked, ("sparrow", held)], good, part)
    elif kind < 0.4:
        beside = [one.text for one in sentences(question.passage) if one.text != held]
        if beside:
            yield _made([asked, ("sparrow", random.choice(beside))], {"answers_question": 1.0}, part)
    elif kind < 0.5 and other.title != question.title:
        reply = random.choice([_sentence(other), random.choice(_of(replies["off_topic"], part))])
        yield _made([asked, ("sparrow", reply)], {"answers_question": 1.0, "stays_on_topic": 1.0}, part)
    elif kind < 0.58:
        yield _made(
            [asked, ("sparrow", random.choice(_of(replies["evasions"], part)))],
            {"answers_question": 1.0},
            part,
        )
    elif kind < 0.68:
        reply = random.choice([*_of(replies["asks_back"], part), *_of(replies["not_found"], part)])
        yield _made([asked, ("sparrow", reply)], good, part)
    elif kind < 0.8:
        yield _made(
            [asked, ("sparrow", _broken(held, replies["nonsense"], part, random))], {"makes_sense": 1.0}, part
        )
    else:
        yield from _again(asked, held, other, part=part, random=random)


def _again(
    asked: tuple[str, str], held: str, other: Question, *, part: Part, random: Random
) -> Iterator[LabelledTurn]:
    """The same reply to a second question, or twice within one, and beside it a reply that is new."""
    second = ("user", other.question)
    opened = [asked, ("sparrow", held), second]
    if random.random() < 0.5:
        yield _made([*opened, ("sparrow", held)], {"does_not_repeat": 1.0}, part)
    else:
        yield _made([asked, ("sparrow", f"{held} {held}")], {"does_not_repeat": 1.0}, part)
    fresh = dict(_KEPT_BY_PLAIN_ANSWERS, does_not_repeat=0.0, answers_question=0.0)
    yield _made([*opened, ("sparrow", _sentence(other))], fresh, part)


def _broken(held: str, nonsense: Sequence[str], part: Part, random: Random) -> str:
    words = held.split()
    kind = random.random()
    if kind < 0.35:
        return random.choice(_of(nonsense, part))
    if kind < 0.7:
        random.shuffle(words)
        return " ".join(words)
    return " ".join(words[: max(2, len(words) // 2)])


def _sentence(question: Question) -> str:
    start, text = question.answers[0]
    for span in sentences(question.passage):
        if span.start <= start < span.end:
            return span.text
    return text


def _of(texts: Sequence[str], part: Part) -> Sequence[str]:
    """The last fifth of a list of our own replies is held out."""
    cut = len(texts) * 4 // 5
    return texts[cut:] if part is Part.HELD_OUT else texts[:cut]
