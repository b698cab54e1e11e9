"""`train meaning`: the checkpoint's own sense of likeness, exported as it is, and how much it says.

Nothing is trained: the base is a sentence encoder already, such as all-MiniLM-L6-v2. What is fitted is a
logistic from its likeness and the reader's answer to P(the sentence answers the question).
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from sparrow_lite.encoders.likeness import LONGEST, NAME, Likeness
from sparrow_lite.errors import ConfigError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.language import sentences
from sparrow_lite.models.embedded.meaning import Meaning, Sign
from sparrow_lite.models.embedded.reading import NAME as READER
from sparrow_lite.models.embedded.reading import Reader
from sparrow_lite.models.embedded.seeing import Sight
from sparrow_lite.pages.passages import choose_passages
from sparrow_lite.training.encoder import load_encoder
from sparrow_lite.training.examples import Part, Question
from sparrow_lite.training.export import export_network, export_words, pack
from sparrow_lite.training.job import Job, words_of, write_result
from sparrow_lite.training.loop import Progress
from sparrow_lite.training.reader import read_questions

_FITTED_ON, _MEASURED_ON = 450, 300
_SAME_PAGE, _OTHER_PAGES, _PASSAGES, _CHARS = 2, 3, 6, 900
_FEATURES = ("likeness", "behind", "read", "holds")
_UNFITTED = {"likeness": 1.0, "behind": 0.0, "read": 0.0, "holds": 0.0, "bias": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One sentence among those that a question could be answered with: its signs, and whether it answers."""

    sign: Sign
    answers: bool


def fit_meaning(job: Job, progress: Progress) -> dict[str, Any]:
    """Export the checkpoint's encoder into `job.out`, fit and measure; return what was measured.

    Raises:
        ConfigError: When `job.out` has no reader, the data hold no questions, or a package is missing.
    """
    if not (job.out / f"{READER}.json").is_file():
        raise ConfigError(f"{job.out} has no reader: run `sparrow-lite train reader` into it first.")
    reader = Reader.open(job.out)
    encoder, tokenizer = load_encoder(job.base)
    export_words(encoder, tokenizer, job.out)
    path = job.out / f"{NAME}.onnx"
    export_network(mean_of(encoder), path, outputs=["place"], size=encoder.config.hidden_size)
    pack(path)
    words = words_of(job)
    plain = Meaning(likeness=Likeness(words), weights=_UNFITTED)
    sight = Sight(reader=reader, meaning=plain)
    questions = [one for one in read_questions(job.data, seed=job.plan.seed) if one.title]
    fitted = _see_all(questions, Part.CALIBRATE, _FITTED_ON, sight, progress)
    weights = _fit([seen for one in fitted for seen in one])
    held_out = _see_all(questions, Part.HELD_OUT, _MEASURED_ON, sight, progress)
    measured = _measure(held_out, Meaning(likeness=plain.likeness, weights=weights))
    write_result(job, NAME, {"weights": weights}, measured)
    return measured


def mean_of(encoder: Any) -> Any:
    """Return a module whose result is the mean of the encoder's last states, of length 1."""
    import torch

    short = deepcopy(encoder)
    positions = short.embeddings.position_embeddings
    positions.weight = torch.nn.Parameter(positions.weight[:LONGEST].detach())

    class Mean(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = short

        def forward(self, inputs_embeds: Any, token_type_ids: Any, attention_mask: Any) -> Any:
            states = self.encoder(
                inputs_embeds=inputs_embeds, token_type_ids=token_type_ids, attention_mask=attention_mask
            ).last_hidden_state
            weights = attention_mask[..., None].float()
            mean = (states * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(mean, dim=-1)

    return Mean()


def _see_all(
    questions: Sequence[Question], part: Part, most: int, sight: Sight, progress: Progress
) -> list[list[_Seen]]:
    """What is seen in every sentence that each question could be answered with."""
    passages = list(dict.fromkeys((one.title, one.passage) for one in questions))
    asked = [one for one in questions if one.part is part] or list(questions)
    random = Random(f"{part}")
    found = []
    for done, question in enumerate(random.sample(asked, min(most, len(asked))), start=1):
        evidence = _evidence(question, passages, random)
        if evidence:
            found.append(list(_see(question, evidence, sight)))
        progress(done, min(most, len(asked)), 0.0)
    if not found:
        raise ConfigError("The data folders hold no questions in SQuAD's form: see docs/training.md.")
    return found


def _evidence(
    question: Question, passages: Sequence[tuple[str, str]], random: Random
) -> tuple[Evidence, ...]:
    """The question's passage among others of its page and of other pages, chosen as a turn chooses."""
    same = [one for one in passages if one[0] == question.title and one[1] != question.passage]
    pool = [
        (question.title, question.passage),
        *random.sample(same, min(_SAME_PAGE, len(same))),
        *random.sample(list(passages), min(_OTHER_PAGES, len(passages))),
    ]
    random.shuffle(pool)
    pages = [
        Page.of(url=f"page:{at}", title=title.replace("_", " "), text=text, opened_at="")
        for at, (title, text) in enumerate(pool)
    ]
    return choose_passages(pages, [question.question], count=_PASSAGES, chars=_CHARS)


def _see(question: Question, evidence: Sequence[Evidence], sight: Sight) -> Iterator[_Seen]:
    readings = sight.read(question.question, evidence)
    spans = {(piece.id, at): span for piece in evidence for at, span in enumerate(sentences(piece.text))}
    own = {piece.id for piece in evidence if piece.page.text == question.passage}
    for place, sign in sight.signs(question.question, evidence, readings).items():
        held = any(text in spans[place].text for _, text in question.answers)
        yield _Seen(sign=sign, answers=held and place[0] in own)


def _fit(seen: Sequence[_Seen]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    labels = [one.answers for one in seen]
    if len(set(labels)) < 2:
        return dict(_UNFITTED)
    rows = [[float(getattr(one.sign, name)) for name in _FEATURES] for one in seen]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(rows, labels)
    weights = {name: round(float(value), 4) for name, value in zip(_FEATURES, model.coef_[0], strict=True)}
    return {**weights, "bias": round(float(model.intercept_[0]), 4)}


def _measure(asked: Sequence[Sequence[_Seen]], meaning: Meaning) -> dict[str, Any]:
    """How often the first sentence by each sign answers, among the questions that a sentence answers."""
    known = [one for one in asked if any(seen.answers for seen in one)]
    ways: dict[str, Callable[[Sign], float]] = {
        "right_sentence": meaning.probability,
        "right_sentence_by_reader": lambda sign: sign.read,
        "right_sentence_by_likeness": lambda sign: sign.likeness,
    }
    shares = {
        name: sum(max(one, key=lambda seen: way(seen.sign)).answers for one in known) / max(1, len(known))
        for name, way in ways.items()
    }
    return {"questions": len(known), **{name: round(share, 4) for name, share in shares.items()}}
