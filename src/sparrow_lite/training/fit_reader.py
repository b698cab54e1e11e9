"""`train reader`: train the network, calibrate its margin, measure on the questions that were held out."""

from collections.abc import Sequence
from random import Random
from typing import Any

from sparrow_lite.encoders.network import Network
from sparrow_lite.errors import ConfigError
from sparrow_lite.language import sentences, stems
from sparrow_lite.models.embedded.reading import NAME, Reader
from sparrow_lite.training.examples import Part, Question
from sparrow_lite.training.export import export_network
from sparrow_lite.training.job import Job, fix_seeds, train_task, words_of, write_result
from sparrow_lite.training.loop import Progress
from sparrow_lite.training.measure import auroc, calibration_error, span_f1
from sparrow_lite.training.reader import ReaderTask, read_questions


def fit_reader(job: Job, progress: Progress) -> dict[str, Any]:
    """Train the reader; write its weights into `job.out`; return what was measured.

    Raises:
        ConfigError: When there is nothing to train on, or a package of the extra `train` is missing.
    """
    questions = read_questions(job.data, seed=job.plan.seed)
    training = [one for one in questions if one.part is Part.TRAIN]
    if not training:
        raise ConfigError("The data folders hold no questions in SQuAD's form: see docs/training.md.")
    if job.limit is not None and job.limit < len(training):
        training = Random(job.plan.seed).sample(training, job.limit)
    fix_seeds(job)
    task = ReaderTask(job.base, training)
    train_task(task, job, NAME, progress)
    size = task.encoder.config.hidden_size
    export_network(task.model, job.out / f"{NAME}.onnx", outputs=["first", "last"], size=size)
    network = Network(words_of(job), NAME)
    asked = [one for one in questions if one.title]
    slope, bias = _calibrate(Reader(network=network, slope=1.0, bias=0.0), asked)
    reader = Reader(network=network, slope=slope, bias=bias)
    measured = measure(reader, [one for one in asked if one.part is Part.HELD_OUT])
    write_result(job, NAME, {"slope": slope, "bias": bias}, measured)
    return measured


def _calibrate(reader: Reader, questions: Sequence[Question]) -> tuple[float, float]:
    """Fit P(the span is right) to the margin, on the calibration questions."""
    from sklearn.linear_model import LogisticRegression

    fitted = [one for one in questions if one.part is Part.CALIBRATE] or list(questions)
    margins, right = [], []
    for question in fitted:
        span = reader.read(question.question, [question.passage])[0]
        given = question.passage[span.start : span.end]
        margins.append([span.margin])
        right.append(span_f1(given, [text for _, text in question.answers]) >= 0.5)
    if len(set(right)) < 2:
        return 1.0, 0.0
    model = LogisticRegression(C=10.0).fit(margins, right)
    return round(float(model.coef_[0][0]), 5), round(float(model.intercept_[0]), 5)


def measure(reader: Reader, questions: Sequence[Question]) -> dict[str, Any]:
    """Return the figures on questions, and those of choosing a sentence by words (BM25)."""
    if not questions:
        return {}
    spans = [reader.read(one.question, [one.passage])[0] for one in questions]
    f1 = [
        span_f1(one.passage[span.start : span.end], [text for _, text in one.answers])
        for one, span in zip(questions, spans, strict=True)
    ]
    sure = [reader.probability(span) for span in spans]
    answerable = [value for value, one in zip(f1, questions, strict=True) if one.answers]
    with_none = [
        (value if given >= 0.5 else 0.0) if one.answers else float(given < 0.5)
        for value, given, one in zip(f1, sure, questions, strict=True)
    ]
    right = [value >= 0.5 for value in f1]
    held = [
        (_sentence_at(one, span.start), _sentence_by_words(one), _sentence_at(one, one.answers[0][0]))
        for one, span in zip(questions, spans, strict=True)
        if one.answers
    ]
    return {
        "questions": len(questions),
        "answerable": len(answerable),
        "f1": _mean(with_none),
        "f1_answerable": _mean(answerable),
        "answerability_auroc": round(auroc(sure, [bool(one.answers) for one in questions]) or 0.0, 4),
        "calibration_error": round(calibration_error(sure, right), 4),
        "right_sentence": _mean([float(ours == wanted) for ours, _, wanted in held]),
        "right_sentence_by_bm25": _mean([float(words == wanted) for _, words, wanted in held]),
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 4)


def _sentence_at(question: Question, place: int) -> int:
    """Return the index of the sentence at a character."""
    spans = sentences(question.passage)
    return next((at for at, span in enumerate(spans) if place < span.end), len(spans) - 1)


def _sentence_by_words(question: Question) -> int:
    """Return the index of the sentence that BM25 ranks first for the question."""
    import bm25s

    spans = sentences(question.passage)
    index = bm25s.BM25()
    index.index([stems(span.text) or ["-"] for span in spans], show_progress=False)
    scores = index.get_scores(stems(question.question) or ["-"])
    return int(scores.argmax())
