"""Who rates what, in which order: balanced, overlapping, checks mixed in; the same for the same seed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.values import Assignment, Item

# Raters that are weighed against each other for one place: enough for even pairs, few enough for speed.
_WEIGHED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a rater has before items are assigned.

    Attributes:
        load: Work items.
        places: Places that are taken in the rater's order.
        checks: Ids of the checks among them.
        items: Ids of all of them.
    """

    load: int = 0
    places: int = 0
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How items are assigned.

    Attributes:
        overlap: Different raters of each work item.
        checks: Share of checks among the items that a rater sees, 0.0 up to but not with 1.0.
        check_items: Checks to draw from; a rater sees each at most once.
        qualification: Items that come before all others, for raters who hold nothing yet.
        seed: Of the draw and of every order.
        held: What raters have already, by id; the others have nothing.
    """

    overlap: int
    checks: float = 0.0
    check_items: Sequence[Item] = ()
    qualification: Sequence[Item] = ()
    seed: int = 0
    held: Mapping[str, Held] = field(default_factory=dict)


def assign(items: Sequence[Item], raters: Sequence[str], plan: Plan) -> tuple[Assignment, ...]:
    """Return the assignments, rater by rater in the given order, each in order of place.

    Every work item gets `overlap` different raters. The loads of work items of any two raters, with what they
    held, differ by at most one, unless they held more unequal loads than the items can level. Which raters
    share items is drawn, and evened out. Each rater's order is their own: the qualification, then work with
    one check at a random place of each of as many equal stretches as there are checks.

    Args:
        items: Work items.
        raters: Ids of different raters.
        plan: How.

    Raises:
        ConfigError: For fewer raters than the overlap, raters named twice, or a rate of checks out of range.
    """
    _require(raters, plan)
    work = share(items, raters, plan)
    found: list[Assignment] = []
    for number, rater in enumerate(raters):
        # By number, not by id, which is random: the same seed gives the same study.
        draw = Random(f"{plan.seed}/{plan.held.get(rater, Held()).places}/{number}")
        order = _order(work[rater], plan, plan.held.get(rater, Held()), draw)
        start = plan.held.get(rater, Held()).places
        found += [
            Assignment(rater=rater, item=item.id, place=place) for place, item in enumerate(order, start)
        ]
    return tuple(found)


def share(items: Sequence[Item], raters: Sequence[str], plan: Plan) -> dict[str, list[Item]]:
    """Return the work items of each rater, unordered; see `assign`.

    Raises:
        ConfigError: When an item has fewer raters left who do not hold it than the overlap.
    """
    draw = Random(f"{plan.seed}/share")
    loads = {rater: plan.held.get(rater, Held()).load for rater in raters}
    holding = {rater: plan.held.get(rater, Held()).items for rater in raters}
    work: dict[str, list[Item]] = {rater: [] for rater in raters}
    pairs: Counter[frozenset[str]] = Counter()
    for item in draw.sample(items, len(items)):
        chosen: list[str] = []
        for _ in range(plan.overlap):
            free = [one for one in raters if one not in chosen and item.id not in holding[one]]
            if not free:
                raise ConfigError(
                    f"{plan.overlap} different raters are wanted for each item, and for one there are only "
                    f"{len(chosen)}: add raters, or lower the overlap."
                )
            chosen.append(_next(free, chosen, (loads, pairs), draw))
            loads[chosen[-1]] += 1
        pairs.update(frozenset((one, other)) for one in chosen for other in chosen if one < other)
        for rater in chosen:
            work[rater].append(item)
    return work


def checks_for(work: int, rate: float) -> int:
    """Return how many checks make up `rate` of all items beside this many work items; at least one if any."""
    return max(1, round(work * rate / (1 - rate))) if rate > 0 and work else 0


def _next(
    free: Sequence[str],
    chosen: Sequence[str],
    state: tuple[Mapping[str, int], Counter[frozenset[str]]],
    draw: Random,
) -> str:
    loads, pairs = state
    least = min(loads[one] for one in free)
    lightest = [one for one in free if loads[one] == least]
    weighed = draw.sample(lightest, min(_WEIGHED, len(lightest)))
    return min(weighed, key=lambda one: sum(pairs[frozenset((one, other))] for other in chosen))


def _order(work: Sequence[Item], plan: Plan, held: Held, draw: Random) -> list[Item]:
    first = [] if held.places else list(plan.qualification)
    draw.shuffle(first)
    new = [one for one in plan.check_items if one.id not in held.items]
    checks = draw.sample(new, min(checks_for(len(work), plan.checks), len(new)))
    order = draw.sample(work, len(work))
    total = len(order) + len(checks)
    for number, check in enumerate(checks):
        start, end = number * total // len(checks), (number + 1) * total // len(checks)
        order.insert(draw.randrange(start, max(end, start + 1)), check)
    return first + order


def _require(raters: Sequence[str], plan: Plan) -> None:
    if len(set(raters)) != len(raters):
        raise ConfigError("A rater is named twice.")
    if plan.overlap < 1 or not 0 <= plan.checks < 1:
        raise ConfigError("The overlap is at least 1, and the rate of checks from 0 up to, not with, 1.")
    if len(raters) < plan.overlap:
        raise ConfigError(
            f"{plan.overlap} different raters are wanted for each item, and there are only {len(raters)}: "
            "add raters, or lower the overlap."
        )
