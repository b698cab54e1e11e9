"""Preference: two to four replies to one message, blind and in random order; as a whole dialogue too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols.guide import Guided, read_guide
from sparrow_lite.rating.protocols.rows import (
    Row,
    asked_turns,
    digest,
    gold_of,
    last_reply,
    origin_of,
    shipped_items,
    shown_evidence,
)
from sparrow_lite.rating.values import Choice, Item, Question, Rating, Stage

BEST, LETTERS = "best", "ABCD"
TIES = ("tie_good", "tie_bad", "cannot_choose")
_FEWEST, _MOST, _MOST_ROUNDS = 2, 4, 20


def open(settings: Mapping[str, Any]) -> "Preference":  # noqa: A001 (every protocol's)
    """Return the protocol.

    Args:
        settings: `rounds`: turns in which the rater chooses, 1 by default; with more, the chosen reply
            continues the dialogue and `arms`, two to four of them, answer what the rater writes next.

    Raises:
        ConfigError: For settings that cannot be used, or when the protocol's words cannot be read.
    """
    rounds = settings.get("rounds", 1)
    if not isinstance(rounds, int) or not 1 <= rounds <= _MOST_ROUNDS:
        raise ConfigError(f"rounds is {rounds!r}: give a whole number from 1 to {_MOST_ROUNDS}.")
    voices = len(settings.get("arms") or ())
    if rounds > 1 and not _FEWEST <= voices <= _MOST:
        raise ConfigError("A dialogue of several rounds needs `arms`, two to four, that answer the rater.")
    return Preference(guide=read_guide("preference"), rounds=rounds, voices=voices)


def round_question(number: int) -> str:
    """Return the id of the question in a round, from 1."""
    return BEST if number == 1 else f"{BEST}_{number}"


@dataclass(frozen=True, kw_only=True)
class Preference(Guided):
    """The protocol, in the words of one guide.

    Attributes:
        rounds: Turns in which the rater chooses.
        voices: Arms that answer in each round after the first one.
    """

    rounds: int
    voices: int = 0

    name = "preference"

    @property
    def talks(self) -> bool:
        """Whether the rater writes turns."""
        return self.rounds > 1

    def items(self, rows: Iterable[Row], *, seed: int) -> Iterator[Item]:
        """Yield one item for each message with at least two different replies.

        A row of a user's file holds `turns` and `candidates`, each with `text`, and `arm` and `citations` if
        there are any. Rows of a run are put together by probe: the arms' replies to one probe, or several
        samples of one arm, are its candidates, four at most.

        Raises:
            ConfigError: For a row that lacks what the protocol needs, with its number.
        """
        groups: dict[Any, list[Row]] = {}
        for number, row in enumerate(rows, start=1):
            if row.get("failure") is None:
                groups.setdefault(_group(row, number), []).append({**row, "number": number})
        for group in groups.values():
            try:
                row = group[0] if "candidates" in group[0] else _together(group)
                if len(_candidates(row)) >= _FEWEST:
                    yield self._item(row, seed=seed)
            except ConfigError as error:
                raise ConfigError(f"Row {group[0]['number']}: {error}") from error

    def qualification(self) -> tuple[Item, ...]:
        """Return the shipped qualification items."""
        return shipped_items(self.guide.qualification, Stage.QUALIFICATION, self._one_round)

    def checks(self) -> tuple[Item, ...]:
        """Return the shipped check items."""
        return shipped_items(self.guide.checks, Stage.CHECK, self._one_round)

    def questions(self, item: Item) -> tuple[Question, ...]:
        """Return which of the candidates is best, once for each round."""
        first = [one["letter"] for one in item.body["candidates"]]
        count = item.body["talk"]["rounds"] if item.body.get("talk") else 1
        later = LETTERS[: self.voices]
        return tuple(
            self._question(number, first if number == 1 else later) for number in range(1, count + 1)
        )

    def outcomes(self, item: Item, rating: Rating) -> Mapping[str, bool | None]:
        """Return `preferred:ARM` of the first round: True for the best one's arm, None for all on a tie."""
        arms: Mapping[str, str] = item.origin["candidates"]
        said = rating.answers.get(BEST)
        chosen = arms.get(said) if said else None
        return {f"preferred:{arm}": None if chosen is None else arm == chosen for arm in arms.values()}

    def _question(self, number: int, letters: Sequence[str]) -> Question:
        """The question of a round in which the replies have these letters."""
        asked = self.guide.questions[0].question()
        best = tuple(
            Choice(id=letter, words=f"Reply {letter} is best", key=str(place))
            for place, letter in enumerate(letters, start=1)
        )
        choices = (*best, *asked.choices)
        return replace(asked, id=round_question(number), choices=choices)

    def _one_round(self, row: Row) -> Item:
        return Preference(guide=self.guide, rounds=1)._item(row, seed=0)

    def _item(self, row: Row, *, seed: int) -> Item:
        given, origin, gold = _candidates(row), origin_of(row), gold_of(row)
        if not _FEWEST <= len(given) <= _MOST:
            raise ConfigError(f"it has {len(given)} different candidates: give two to four.")
        order = list(range(len(given)))
        Random(f"{seed}/{origin['case']}").shuffle(order)
        letters = {place: LETTERS[at] for at, place in enumerate(order)}
        talk = {"talk": {"rounds": self.rounds}} if self.rounds > 1 and gold is None else {}
        arms = {letters[at]: str(given[at].get("arm") or f"candidate {at + 1}") for at in order}
        return Item(
            id=digest(self.name, origin["case"]),
            stage=Stage.WORK if gold is None else Stage.CHECK,
            body={
                "turns": asked_turns(row),
                "marked": None,
                "evidence": [],
                "candidates": [_shown(letters[at], given[at]) for at in order],
                **talk,
            },
            origin={
                **origin,
                "candidates": arms,
                "cases": {letters[at]: given[at]["key"] for at in order if given[at].get("key")},
            },
            gold=_lettered(gold, letters) if gold else None,
            explanation=str(row.get("explanation") or ""),
        )


def _group(row: Row, number: int) -> Any:
    """What rows must share to be candidates for one message."""
    if "candidates" in row or row.get("probe") is None:
        return number if "candidates" in row else digest(asked_turns(row))
    return row.get("suite"), row["probe"]


def _together(group: Sequence[Row]) -> dict[str, Any]:
    """One row with the replies of several: the first of each arm, then further samples, four at most."""
    ranked = sorted(group, key=lambda row: int(row.get("sample") or 0))
    turns = asked_turns(ranked[0])
    same = [row for row in ranked if asked_turns(row) == turns]
    candidates = [
        {"text": last_reply(row), **{name: row.get(name) for name in ("arm", "citations", "key", "sample")}}
        for row in same
    ]
    kept = [name for name in ("suite", "probe", "rule", "kind", "run") if ranked[0].get(name) is not None]
    first = {name: ranked[0][name] for name in kept}
    key = digest([one["key"] or one["text"] for one in candidates])
    return {**first, "key": key, "turns": turns, "candidates": _distinct(candidates)[:_MOST]}


def _candidates(row: Row) -> list[dict[str, Any]]:
    """The candidates of a row, those of the same words once."""
    found = row.get("candidates")
    if not isinstance(found, list | tuple) or not all(isinstance(one, Mapping | str) for one in found):
        raise ConfigError("`candidates` is not a list of replies with `text`.")
    candidates = [{"text": one} if isinstance(one, str) else dict(one) for one in found]
    if not all(isinstance(one.get("text"), str) and one["text"].strip() for one in candidates):
        raise ConfigError("a candidate has no `text`.")
    return _distinct(candidates)


def _distinct(candidates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({" ".join(one["text"].split()): one for one in reversed(candidates)}.values())[::-1]


def _shown(letter: str, candidate: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "letter": letter,
        "text": candidate["text"],
        "evidence": shown_evidence(candidate.get("citations")),
    }


def _lettered(gold: Mapping[str, str], letters: Mapping[int, str]) -> dict[str, str]:
    """Gold in letters; a row names the best candidate by its number from 1, or a tie."""
    numbers = {str(at + 1): letter for at, letter in letters.items()}
    best = gold.get(BEST, "")
    if best not in numbers and best not in TIES:
        raise ConfigError(f"the gold answer {best!r} is neither a candidate's number nor a tie.")
    return {BEST: numbers.get(best, best)}
