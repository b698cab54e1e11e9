"""What a turn is made with: the model, the search, the judges, the words, the options."""

from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.models import open_model
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.options import Options
from sparrow_lite.pages.fetch import Fetcher
from sparrow_lite.prompts import Prompt, read_prompt
from sparrow_lite.rules import open_rule_judge
from sparrow_lite.rules.base import Rule, RuleJudge
from sparrow_lite.rules.load import load_rules
from sparrow_lite.search import open_search
from sparrow_lite.search.base import SearchBackend
from sparrow_lite.search.record import Recorder
from sparrow_lite.support import open_support_judge
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.notices import Notices, read_example, read_notices
from sparrow_lite.turn.rank import Combine, sparrow_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPrompts:
    """The words of a turn, each read from its own file."""

    preamble: Prompt
    example: Transcript
    decide: Prompt
    answer: Prompt
    answer_from_evidence: Prompt
    revise: Prompt
    notices: Notices

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Name and version of every prompt, in the order of use."""
        prompts = (self.preamble, self.decide, self.answer_from_evidence, self.answer, self.revise)
        return (*((prompt.name, prompt.version) for prompt in prompts), ("notices", self.notices.version))


def read_turn_prompts(own_dir: Path | None = None) -> TurnPrompts:
    """Return the prompts, the user's own ones first.

    Raises:
        PromptError: When one is missing or malformed.
    """
    return TurnPrompts(
        preamble=read_prompt("preamble", own_dir=own_dir),
        example=read_example(own_dir),
        decide=read_prompt("decide", own_dir=own_dir),
        answer=read_prompt("answer", own_dir=own_dir),
        answer_from_evidence=read_prompt("answer_from_evidence", own_dir=own_dir),
        revise=read_prompt("revise", own_dir=own_dir),
        notices=read_notices(own_dir),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that a turn needs; any part may be replaced by one that satisfies its Protocol.

    Attributes:
        recorder: Appends what was searched and read to a file; None records nothing.
        combine: How evidence and rules make one rank: see `rank.py`.
    """

    model: DialogueModel
    search: SearchBackend
    fetcher: Fetcher
    support: SupportJudge
    judge: RuleJudge
    rules: tuple[Rule, ...]
    prompts: TurnPrompts
    options: Options
    recorder: Recorder | None = None
    combine: Combine = sparrow_totals


def open_parts(*, model: str | DialogueModel, search: str | SearchBackend, options: Options) -> Parts:
    """Return the parts of these names; a model or a search that is already open is taken as it is.

    Raises:
        ConfigError: For a name or an option that cannot be used.
        PromptError: When a prompt or the rules are malformed.
        ModelError: When the model cannot be loaded.
    """
    own_dir, weights, record = options.prompts_dir, options.weights_dir, options.search.record
    if isinstance(model, str):
        model = open_model(model, options.model, prompts_dir=own_dir, weights_dir=weights)
    if isinstance(search, str):
        search = open_search(search, options.search)
    return Parts(
        model=model,
        search=search,
        fetcher=Fetcher(options.fetch),
        support=open_support_judge(options.support_judge, weights=weights),
        judge=open_rule_judge(options.rule_judge, model=model, own_dir=own_dir, weights=weights),
        rules=load_rules(own_dir=own_dir),
        prompts=read_turn_prompts(own_dir),
        options=options,
        recorder=Recorder(record) if record is not None else None,
    )
