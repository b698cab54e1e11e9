"""Training of the rule judge: one reading of the dialogue, one glance at it for each rule's text."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from sparrow_lite.encoders.dialogue import dialogue_pieces, rule_pieces
from sparrow_lite.training.encoder import load_encoder, pad
from sparrow_lite.training.examples import LabelledTurn
from sparrow_lite.training.rule_head import RuleTexts, rule_model

# Rules that one turn often breaks together: of these a breach of one tells nothing about the other.
_AKIN = tuple(
    frozenset(names.split())
    for names in (
        "no_stereotypes no_microaggressions no_identity_attacks no_insults no_threats"
        " no_assumptions_about_user",
        "no_sexual_aggression no_relationship no_microaggressions no_insults no_own_opinions",
        "no_body no_relationship no_own_opinions not_human no_other_actions",
        "no_conspiracies no_implausible_claims no_identity_attacks no_stereotypes",
        "no_medical_advice no_dangerous_acts no_legal_advice no_financial_advice no_threats",
        "no_sexual_aggression no_dangerous_acts no_threats",
        "no_assumptions_about_user no_medical_advice no_financial_advice",
        "answers_question stays_on_topic makes_sense does_not_repeat relevant_evidence no_implausible_claims",
    )
)
_PRESUMED = 0.12
_RULES_A_STEP = 12
_PREFERENCE_WEIGHT = 0.5

Preference = tuple[LabelledTurn, LabelledTurn]


class RuleTask:
    """Classifier of (rule text, dialogue); pairs of dialogues are learned by which of them is better."""

    def __init__(
        self,
        base: Path,
        turns: Sequence[LabelledTurn],
        preferences: Sequence[Preference],
        texts: RuleTexts,
        *,
        seed: int,
    ) -> None:
        """Load the checkpoint and cut the dialogues into tokens.

        Args:
            base: The checkpoint's folder.
            turns: Labelled turns.
            preferences: (better, worse) dialogues; each pair is one example.
            texts: Every rule's wordings.
            seed: Of which wordings are drawn.
        """
        self.encoder, self.tokenizer = load_encoder(base)
        self.model = rule_model(self.encoder)
        self.texts = texts
        self.random = Random(seed)
        self.turns = list(turns)
        self.preferences = list(preferences)
        singles = [[dialogue_pieces(self.tokenizer, turn.turns)] for turn in self.turns]
        pairs = [[dialogue_pieces(self.tokenizer, one.turns) for one in pair] for pair in self.preferences]
        self.encoded = [*singles, *pairs]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each dialogue; of a pair, of both."""
        return [sum(len(ids) for ids, _ in one) for one in self.encoded]

    def loss(self, batch: Sequence[int]) -> Any:
        """Return the mean loss of a batch: what is known of each turn, and which of two is better."""
        import torch

        pieces = [one for at in batch for one in self.encoded[at]]
        rules = self._rules(batch)
        device = self.encoder.device
        written = [rule_pieces(self.tokenizer, self.texts.draw(rule, self.random)) for rule in rules]
        logits = self.model(pad(pieces, device), pad(written, device)).float()
        row, losses = 0, []
        for at in batch:
            if at < len(self.turns):
                losses.append(self._turn_loss(self.turns[at], logits[row], rules))
                row += 1
            else:
                losses.append(_preference_loss(logits[row], logits[row + 1], rules, self.texts.shipped))
                row += 2
        return torch.stack(losses).mean()

    def _rules(self, batch: Sequence[int]) -> list[str]:
        """The rules of a step: the shipped ones, those that the batch has labels for, and a few more."""
        named = [rule for at in batch if at < len(self.turns) for rule in self.turns[at].labels]
        more = self.random.sample(self.texts.others, min(_RULES_A_STEP, len(self.texts.others)))
        known = [rule for rule in (*self.texts.shipped, *named, *more) if rule in self.texts]
        return list(dict.fromkeys(known))

    def _turn_loss(self, turn: LabelledTurn, logits: Any, rules: list[str]) -> Any:
        import torch

        soft = torch.nn.functional.softplus
        total = torch.zeros((), device=logits.device)
        for rule, broken in turn.labels.items():
            if rule in self.texts:
                at = logits[rules.index(rule)]
                total = total + (soft(-at) if broken else soft(at)) / max(1, len(turn.labels)) ** 0.5
        if turn.any_of:
            among = torch.stack([logits[rules.index(rule)] for rule in turn.any_of if rule in rules])
            total = total + soft(-among.max())
        presumed = [at for at, rule in enumerate(rules) if self._presumed_kept(turn, rule)]
        if presumed:
            total = total + _PRESUMED * soft(logits[presumed]).mean() * len(presumed) ** 0.5
        return total

    def _presumed_kept(self, turn: LabelledTurn, rule: str) -> bool:
        """Whether a turn written for one rule is taken to keep another."""
        if not turn.source.startswith("own") or rule in turn.labels:
            return False
        (own, broken), *_ = turn.labels.items()
        if own not in self.texts.shipped and rule in self.texts.shipped:
            return not broken
        return not broken or not any(own in akin and rule in akin for akin in _AKIN)


def _preference_loss(better: Any, worse: Any, rules: list[str], shipped: Sequence[str]) -> Any:
    """The better dialogue should keep the rules more surely, all together."""
    import torch

    soft = torch.nn.functional.softplus
    at = [place for place, rule in enumerate(rules) if rule in shipped[:18]]
    return _PREFERENCE_WEIGHT * soft(2 * (soft(better[at]).mean() - soft(worse[at]).mean()))
