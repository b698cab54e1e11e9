"""The rule judge's network: an encoder that reads a dialogue once, and a head that compares it with rules.

The head lets each rule's text look over the pieces of the dialogue (attention with the rule as the query) and
compares what it saw with the rule. It costs a few products of small matrices for each rule, so that 23 rules
take little more than one reading of the dialogue.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

HEADS = 8
GLANCES = 2


class RuleTexts:
    """The wordings of every rule that is trained on."""

    def __init__(self, wordings: Mapping[str, Sequence[str]], shipped: Sequence[str]) -> None:
        """Keep the wordings.

        Args:
            wordings: Rule to its wordings, the rule's own text first.
            shipped: Ids of the shipped rules among them, in order.
        """
        self._wordings = dict(wordings)
        self.shipped = [rule for rule in shipped if rule in self._wordings]
        self.others = [rule for rule in self._wordings if rule not in self.shipped]

    def __contains__(self, rule: str) -> bool:
        return rule in self._wordings

    def draw(self, rule: str, random: Random) -> str:
        """Return one wording, the rule's own text half of the time."""
        wordings = self._wordings[rule]
        return wordings[0] if random.random() < 0.5 else random.choice(wordings)


def rule_model(encoder: Any) -> Any:
    """Return a module from (dialogues, rules), each ids, types and mask, to logits (dialogues, rules)."""
    import torch

    class RuleModel(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.head = rule_head(encoder.config.hidden_size)

        def forward(self, dialogues: dict[str, Any], rules: dict[str, Any]) -> Any:
            states = self.encoder(**dialogues).last_hidden_state
            read = self.encoder(**rules).last_hidden_state
            return self.head(states, dialogues["attention_mask"], rule_vectors(read, rules["attention_mask"]))

    return RuleModel()


def rule_vectors(states: Any, mask: Any) -> Any:
    """Return the mean of each rule's pieces, shape (rules, size)."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def rule_head(size: int) -> Any:
    """Return the head: states (n, pieces, size), mask (n, pieces), rules (r, size) to logits (n, r)."""
    import torch

    class RuleHead(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            linear = torch.nn.Linear
            self.queries = torch.nn.ModuleList(linear(size, size) for _ in range(GLANCES))
            self.keys = torch.nn.ModuleList(linear(size, size) for _ in range(GLANCES))
            self.values = torch.nn.ModuleList(linear(size, size) for _ in range(GLANCES))
            self.norms = torch.nn.ModuleList(torch.nn.LayerNorm(size) for _ in range(GLANCES))
            self.hidden = linear(4 * size, size)
            self.dropout = torch.nn.Dropout(0.1)
            self.out = linear(size, 1)

        def forward(self, states: Any, mask: Any, rules: Any) -> Any:
            count, pieces, _ = states.shape
            number = rules.shape[0]
            hidden = ((1 - mask.to(states.dtype)) * -1e4).view(count, 1, 1, pieces)
            asked = rules.unsqueeze(0).expand(count, number, size)
            for query, key, value, norm in zip(self.queries, self.keys, self.values, self.norms, strict=True):
                wanted = query(asked).view(count, number, HEADS, -1).transpose(1, 2)
                offered = key(states).view(count, pieces, HEADS, -1).transpose(1, 2)
                held = value(states).view(count, pieces, HEADS, -1).transpose(1, 2)
                weights = wanted @ offered.transpose(2, 3) / (size / HEADS) ** 0.5 + hidden
                seen = (torch.softmax(weights, dim=-1) @ held).transpose(1, 2).reshape(count, number, size)
                asked = norm(asked + seen)
            text = rules.unsqueeze(0).expand(count, number, size)
            mean = rule_vectors(states, mask).unsqueeze(1).expand(count, number, size)
            joined = torch.cat([asked, text, asked * text, mean * text], dim=-1)
            return self.out(self.dropout(torch.nn.functional.gelu(self.hidden(joined)))).squeeze(-1)

    return RuleHead()
