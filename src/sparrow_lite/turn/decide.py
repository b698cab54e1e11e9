"""The first stage: search or not, and for what. In doubt it searches."""

import json
import re
from dataclasses import dataclass

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import ModelRequest, Sampling, Task
from sparrow_lite.models.layout import quote_dialogue
from sparrow_lite.options import SearchMode
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.parts import Parts

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_QUERY_CHARS = 300
_DIALOGUE_TURNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the first stage decided.

    Attributes:
        search: Whether to search.
        queries: The standalone query, then the user's own words when they differ; empty when not searching.
        why: A few words.
        declines: Whether the request is one that must be declined.
    """

    search: bool
    queries: tuple[str, ...]
    why: str
    declines: bool = False


def decide(transcript: Transcript, parts: Parts) -> Decision:
    """Return whether the turn searches, and its queries.

    A model that fails here, or answers in another form, costs only the standalone query: the user's own words
    are searched.
    """
    own_words = _query(transcript.last_user_text)
    mode = parts.options.turn.mode
    try:
        answer = _parse("".join(parts.model.write(_request(transcript, parts))))
        note = ""
    except ModelError as error:
        answer, note = {}, f"the model did not decide: {error}"
    declines = answer.get("decline") is True
    search = answer.get("search") is not False and not declines
    doubt = "in doubt" if search else "the model saw no need"
    why = _query(str(answer.get("why") or "")) or note or doubt
    if mode is SearchMode.NEVER:
        return Decision(search=False, queries=(), why="search is off", declines=declines)
    if mode is SearchMode.ALWAYS:
        search, why = True, "search is always on"
    if not search or not own_words:
        return Decision(search=False, queries=(), why=why, declines=declines)
    written = answer.get("query")
    standalone = _query(written) if isinstance(written, str) else ""
    return Decision(search=True, queries=_distinct(standalone, own_words), why=why)


def _request(transcript: Transcript, parts: Parts) -> ModelRequest:
    recent = Transcript(turns=transcript.turns[-_DIALOGUE_TURNS:])
    return ModelRequest(
        task=Task.DECIDE,
        preamble=parts.prompts.preamble.text,
        transcript=recent,
        instruction=parts.prompts.decide.fill(dialogue=quote_dialogue(recent)),
        sampling=Sampling(temperature=0.0, max_tokens=120, seed=parts.options.model.seed),
    )


def _parse(text: str) -> dict[str, object]:
    found = _OBJECT.search(text)
    if not found:
        return {}
    try:
        answer = json.loads(found.group())
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _query(text: str) -> str:
    """One line without control characters, of a length that search engines take."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:_QUERY_CHARS].strip()


def _distinct(standalone: str, own_words: str) -> tuple[str, ...]:
    """Both queries, or the user's own words alone when the other only drops a mark of theirs."""
    same = _bare(standalone) in {"", _bare(own_words)}
    return (own_words,) if same else (standalone, own_words)


def _bare(query: str) -> str:
    return re.sub(r"\W+", " ", query).strip().casefold()
