"""Sets of judges by name: `trained`, `lexical`, `none`, or `prompted:MODEL`, a model that is asked."""

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.grade import Judges
from sparrow_lite.harness.judges.prompted_support import PromptedSupportJudge
from sparrow_lite.models import open_model
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import Options
from sparrow_lite.rules import open_rule_judge
from sparrow_lite.rules.lexicon import read_lexicon
from sparrow_lite.rules.load import load_rules
from sparrow_lite.support import open_support_judge
from sparrow_lite.support.base import SupportJudge

# The judge of rules and the judge of evidence of each kind. `none` is for runs that are judged later.
_KINDS = {
    "trained": ("trained", "trained"),
    "lexical": ("lexical", "lexical"),
    "prompted": ("prompted", "prompted"),
    "none": ("none", "lexical"),
}


def open_judges(name: str, options: Options) -> Judges:
    """Return the set of judges of this name; `options` gives prompts, weights and how a model is reached.

    Raises:
        ConfigError: For a name that nobody knows.
        PromptError: When a file of a judge's cannot be read.
        ModelError: When a prompted judge's model cannot be loaded.
    """
    own_dir, weights = options.prompts_dir, options.weights_dir
    kind, _, model_name = name.partition(":")
    if kind not in _KINDS or (kind == "prompted") != bool(model_name):
        raise ConfigError(f"There is no judge {name!r}: choose trained, lexical, none, or prompted:MODEL.")
    rules, support = _KINDS[kind]
    model: DialogueModel = ScriptedModel({})
    if kind == "prompted":
        model = open_model(model_name, options.model, prompts_dir=own_dir, weights_dir=weights)
    return Judges(
        name=name,
        rules=open_rule_judge(rules, model=model, own_dir=own_dir, weights=weights),
        support=_open_support(support, model, options),
        # No verdict is kept where nobody judges: what is not said is unscored.
        judged=load_rules(own_dir=own_dir) if rules != "none" else (),
        lexicon=read_lexicon(own_dir=own_dir),
    )


def _open_support(name: str, model: DialogueModel, options: Options) -> SupportJudge:
    if name == "prompted":
        return PromptedSupportJudge.open(model, own_dir=options.prompts_dir)
    return open_support_judge(name, weights=options.weights_dir)
