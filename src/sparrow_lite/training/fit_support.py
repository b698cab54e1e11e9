"""`train support`: train the network, fit the calibrated sum, measure on what was held out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from sparrow_lite.encoders.focus import focus
from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import pair_pieces
from sparrow_lite.errors import ConfigError
from sparrow_lite.language import sentences
from sparrow_lite.support.lexical import LexicalSupportJudge
from sparrow_lite.support.trained import NAME, TrainedSupportJudge
from sparrow_lite.training.examples import Part, SupportPair
from sparrow_lite.training.export import export_network
from sparrow_lite.training.job import Job, fix_seeds, train_task, words_of, write_result
from sparrow_lite.training.loop import Progress
from sparrow_lite.training.measure import auroc, balanced_accuracy, best_threshold, calibration_error
from sparrow_lite.training.plot import Judged, draw_reliability
from sparrow_lite.training.support import SupportTask, read_pairs

_MOST_MEASURED = 2000
_MOST_SANE = 600
# Share of passages of other pages that may pass for support.
_RANDOM_PASSES = 0.045
_PAGE_SENTENCES = 5


def fit_support(job: Job, progress: Progress) -> dict[str, Any]:
    """Train the support judge; write its weights into `job.out`; return what was measured.

    Raises:
        ConfigError: When there is nothing to train on, or a package of the extra `train` is missing.
    """
    pairs = read_pairs(job.data, seed=job.plan.seed)
    training = chosen(pairs, job)
    if not training:
        raise ConfigError("The data folders hold no pairs of claim and evidence: see docs/training.md.")
    fix_seeds(job)
    task = SupportTask(job.base, training)
    train_task(task, job, NAME, progress)
    size = task.encoder.config.hidden_size
    export_network(task.model, job.out / f"{NAME}.onnx", outputs=["logits"], size=size)
    network = Network(words_of(job), NAME)
    weights = fit_weights(network, [one for one in pairs if one.source not in job.without])
    judge = TrainedSupportJudge(network=network, weights=weights)
    judge = replace(judge, supported_at=_threshold(judge, pairs))
    measured = measure(judge, pairs)
    draw_reliability(_judged(judge, pairs), job.out / f"{NAME}-reliability.svg", title="Judge of evidence")
    write_result(job, NAME, {"weights": weights, "supported_at": judge.supported_at}, measured)
    return measured


def chosen(pairs: Sequence[SupportPair], job: Job) -> list[SupportPair]:
    """Return the pairs to train on, fewer of them when the job says so."""
    training = [one for one in pairs if one.part is Part.TRAIN and one.source not in job.without]
    if job.limit is not None and job.limit < len(training):
        training = Random(job.plan.seed).sample(training, job.limit)
    return training


def fit_weights(network: Network, pairs: Sequence[SupportPair]) -> dict[str, float]:
    """Fit the logistic regression on the calibration pairs; each source's two labels weigh the same."""
    from sklearn.linear_model import LogisticRegression

    fitted = [one for one in pairs if one.part is Part.CALIBRATE] or list(pairs)
    rows = _signs(network, fitted)
    counts: dict[tuple[str, bool], int] = defaultdict(int)
    for pair in fitted:
        counts[pair.source, pair.supported] += 1
    weights = [1 / counts[pair.source, pair.supported] for pair in fitted]
    mean = sum(weights) / len(weights)
    names = list(rows[0])
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(
        [[row[name] for name in names] for row in rows],
        [pair.supported for pair in fitted],
        sample_weight=[weight / mean for weight in weights],
    )
    found = {name: round(float(value), 5) for name, value in zip(names, model.coef_[0], strict=True)}
    return {**found, "bias": round(float(model.intercept_[0]), 5)}


def _threshold(judge: TrainedSupportJudge, pairs: Sequence[SupportPair]) -> float:
    """Return 0.5, or more when passages of other pages would pass too often."""
    fitted = [one for one in pairs if one.part is Part.CALIBRATE and one.supported and one.source != "made"]
    among = Random(1).sample(fitted, min(_MOST_SANE, len(fitted)))
    scores = sorted(judge.score(one.claim, [among[at - 1].passage])[0] or 0.0 for at, one in enumerate(among))
    if not scores:
        return 0.5
    return round(max(0.5, scores[int(len(scores) * (1 - _RANDOM_PASSES))]), 4)


def _signs(network: Network, pairs: Sequence[SupportPair]) -> list[dict[str, float]]:
    tokenizer = network.words.tokenizer
    texts = [pair_pieces(tokenizer, one.claim, focus(one.claim, one.passage)) for one in pairs]
    logits = [float(row[0]) for row in network.run(texts)]
    shares = [_by_words(one) for one in pairs]
    return [{"logit": logit, "words": share} for logit, share in zip(logits, shares, strict=True)]


def _by_words(pair: SupportPair) -> float:
    return LexicalSupportJudge().score(pair.claim, [pair.passage])[0] or 0.0


def measure(judge: TrainedSupportJudge, pairs: Sequence[SupportPair]) -> dict[str, Any]:
    """Return, for each source, the figures of the judge and of word overlap on the held-out pairs."""
    held_out = [one for one in pairs if one.part is Part.HELD_OUT]
    by_source: dict[str, list[SupportPair]] = defaultdict(list)
    for pair in held_out:
        if len(by_source[pair.source]) < _MOST_MEASURED:
            by_source[pair.source].append(pair)
    figures = {source: _figures(judge, among) for source, among in sorted(by_source.items())}
    return {**figures, "sanity": _sanity(judge, held_out)}


def _figures(judge: TrainedSupportJudge, pairs: Sequence[SupportPair]) -> dict[str, Any]:
    labels = [one.supported for one in pairs]
    scores = [judge.score(one.claim, [one.passage])[0] or 0.0 for one in pairs]
    words = [_by_words(one) for one in pairs]
    tuned = best_threshold(words, labels)
    return {
        "pairs": len(pairs),
        "balanced_accuracy": _rounded(balanced_accuracy(scores, labels, judge.supported_at)),
        "auroc": _rounded(auroc(scores, labels)),
        "calibration_error": _rounded(calibration_error(scores, labels)),
        "words_tuned_balanced_accuracy": _rounded(balanced_accuracy(words, labels, tuned)),
        "words_auroc": _rounded(auroc(words, labels)),
    }


def _judged(judge: TrainedSupportJudge, pairs: Sequence[SupportPair]) -> dict[str, Judged]:
    """Return the probabilities and labels of the held-out pairs that people labelled, by source."""
    found: dict[str, tuple[list[float], list[bool]]] = {}
    for pair in pairs:
        if pair.part is Part.HELD_OUT and pair.source != "made":
            scores, labels = found.setdefault(pair.source, ([], []))
            if len(scores) < _MOST_MEASURED:
                scores.append(judge.score(pair.claim, [pair.passage])[0] or 0.0)
                labels.append(pair.supported)
    return dict(found)


def _sanity(judge: TrainedSupportJudge, pairs: Sequence[SupportPair]) -> dict[str, Any]:
    """Return how often another page's passage, and the own page's first sentence, count as support."""
    true = [one for one in pairs if one.supported and one.source != "made"]
    if len(true) < 2:
        return {}
    true = Random(0).sample(true, min(_MOST_SANE, len(true)))
    random = [judge.score(one.claim, [true[at - 1].passage])[0] for at, one in enumerate(true)]
    firsts = [
        judge.score(one.claim, [spans[0].text])[0]
        for one in true
        if len(spans := sentences(one.passage)) >= _PAGE_SENTENCES
    ]
    return {"random_passage": _share(judge, random), "first_sentence": _share(judge, firsts)}


def _share(judge: TrainedSupportJudge, scores: Sequence[float | None]) -> float | None:
    return (
        _rounded(sum((one or 0.0) >= judge.supported_at for one in scores) / len(scores)) if scores else None
    )


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
