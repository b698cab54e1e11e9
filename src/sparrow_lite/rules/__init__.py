"""Rules for Sparrow's replies: read, judged, and never left unjudged in silence."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.rules.base import RuleJudge

ENTRY_POINTS = "sparrow_lite.rule_judges"

Opener = Callable[[DialogueModel, Path | None, Path | None], RuleJudge]


def open_rule_judge(
    name: str, *, model: DialogueModel, own_dir: Path | None = None, weights: Path | None = None
) -> RuleJudge:
    """Return the judge of rules of this name.

    Other packages add one through the entry-point group `sparrow_lite.rule_judges`: a function that takes
    the dialogue model and the folder of the user's own prompts.

    Args:
        name: `trained`, `lexical`, `prompted` or `none`, or that of an entry point.
        model: The dialogue model, which the prompted judge asks.
        own_dir: Folder of the user's own prompts; None for none.
        weights: Folder of the user's own weights; None for the shipped ones.

    Raises:
        ConfigError: For an unknown name.
        PromptError: When a file of the judge's cannot be read.
    """
    known: dict[str, Opener] = {
        "trained": _open_trained,
        "lexical": _open_lexical,
        "prompted": _open_prompted,
        "none": _open_none,
    }
    if name in known:
        return known[name](model, own_dir, weights)
    plugged_in = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    if name in plugged_in:
        opened: RuleJudge = plugged_in[name].load()(model, own_dir)
        return opened
    names = ", ".join(sorted({*known, *plugged_in}))
    raise ConfigError(f"There is no judge of rules {name!r}: choose one of {names}.")


def _open_trained(_model: DialogueModel, own_dir: Path | None, weights: Path | None) -> RuleJudge:
    from sparrow_lite.rules.trained import TrainedRuleJudge

    return TrainedRuleJudge.open(own_dir=own_dir, weights=weights)


def _open_lexical(_model: DialogueModel, own_dir: Path | None, _weights: Path | None) -> RuleJudge:
    from sparrow_lite.rules.lexical import LexicalRuleJudge

    return LexicalRuleJudge.open(own_dir=own_dir)


def _open_prompted(model: DialogueModel, own_dir: Path | None, _weights: Path | None) -> RuleJudge:
    from sparrow_lite.prompts import read_prompt
    from sparrow_lite.rules.prompted import PromptedRuleJudge

    prompt = read_prompt("judge_rule", own_dir=own_dir)
    word_prompt = read_prompt("judge_rule_in_a_word", own_dir=own_dir)
    return PromptedRuleJudge(model, prompt, word_prompt)


def _open_none(_model: DialogueModel, _own_dir: Path | None, _weights: Path | None) -> RuleJudge:
    from sparrow_lite.rules.nobody import NoRuleJudge

    return NoRuleJudge()
