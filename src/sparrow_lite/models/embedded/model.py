"""The embedded model: no download, no key, no network. It is extractive, and says so.

It answers from evidence with verbatim sentences (`quoting.py`), and without evidence from a phrasebook
(`intents.py`): greetings, what it is, what the rules forbid. It writes nothing that stands in neither.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.errors import JudgeError, ModelError
from sparrow_lite.evidence import Evidence
from sparrow_lite.language import stems
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.models.embedded.intents import Phrasebook, read_phrasebook
from sparrow_lite.models.embedded.meaning import Meaning
from sparrow_lite.models.embedded.question import read_question
from sparrow_lite.models.embedded.quoting import Quote, choose_by_meaning, choose_quotes
from sparrow_lite.models.embedded.reading import Reader
from sparrow_lite.models.embedded.resolve import asks_for_more, standalone_query
from sparrow_lite.models.embedded.seeing import Sight

_QUESTION_WORD = re.compile(r"\b(?:why|how|when|where|who|what|which)\b", re.IGNORECASE)
_WORD_LIKE = re.compile(r"[^\W\d_]*[aeiouyáéíóúäöü][^\W\d_]*", re.IGNORECASE)


def open_embedded(prompts_dir: Path | None = None, weights_dir: Path | None = None) -> "EmbeddedModel":
    """Return the embedded model; it samples nothing, so it takes no options.

    Raises:
        PromptError: When `embedded.yaml` cannot be used.
        ConfigError: When there are no weights.
    """
    return EmbeddedModel(
        phrasebook=read_phrasebook(prompts_dir),
        sight=Sight(reader=Reader.open(weights_dir), meaning=Meaning.open(weights_dir)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedModel:
    """Quotes and set phrases; deterministic, so one candidate is all there is."""

    phrasebook: Phrasebook
    sight: Sight
    name: str = "embedded"
    revision: str | None = None
    default_candidates: int = 1
    concurrency: int = 1

    def write(self, request: ModelRequest) -> Iterator[str]:
        """Yield the text in one piece.

        Raises:
            ModelError: When asked to revise or to judge, which takes more than quoting.
        """
        if request.task is Task.DECIDE:
            yield self._decide(request)
        elif request.task is Task.ANSWER:
            yield self._answer(request)
        else:
            raise ModelError(f"The embedded model only quotes: it cannot {request.task}.", retryable=False)

    def _decide(self, request: ModelRequest) -> str:
        text = request.transcript.last_user_text
        intent = self.phrasebook.match(text)
        if intent is not None:
            return _decision(search=False, why=f"no page is needed: {intent.id}", decline=intent.declines)
        if not _understood(text):
            return _decision(search=False, why="no known word")
        query = standalone_query(request.transcript)
        return _decision(search=True, query=query, why="a question of fact")

    def _answer(self, request: ModelRequest) -> str:
        text = request.transcript.last_user_text
        intent = self.phrasebook.match(text)
        if intent is not None:
            return intent.reply
        if not _understood(text):
            return self.phrasebook.not_understood
        query = standalone_query(request.transcript)
        quotes = self._quotes(query, request.evidence)
        if not quotes:
            return self.phrasebook.nothing_found
        return " ".join(f"{quote.text} [{quote.id}]" for quote in quotes)

    def _quotes(self, query: str, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
        """The sentences whose words answer; where there are none, the one whose meaning does.

        Raises:
            ModelError: When the weights of a network cannot be loaded.
        """
        question = read_question(query, self.phrasebook)
        try:
            readings = self.sight.read(query, evidence)
            quotes = choose_quotes(question, evidence, self.phrasebook, readings)
            if quotes or not evidence:
                return quotes
            return choose_by_meaning(question, evidence, self.sight.weigh(query, evidence, readings))
        except JudgeError as error:
            raise ModelError(f"A network of the embedded model fails: {error}", retryable=False) from error


def _decision(*, search: bool, why: str, query: str = "", decline: bool = False) -> str:
    decision = {"search": search, "query": query, "why": why, "decline": decline}
    return json.dumps(decision, ensure_ascii=False)


def _understood(text: str) -> bool:
    """Whether the turn holds a word that could name a subject, or is a follow-up such as "why?"."""
    if not stems(text):
        return asks_for_more(text) or bool(
            re.search(r"\b(?:why|how|when|where|who|what|which)\b", text, re.IGNORECASE)
        )
    if not text.isascii():
        return True
    return any(
        _WORD_LIKE.fullmatch(word) or (len(word) >= 3 and word.isdigit()) for word in re.findall(r"\w+", text)
    )
