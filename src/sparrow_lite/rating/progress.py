"""What the organiser sees of a session: each rater's progress and checks, and where raters differ."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from sparrow_lite.rating.gold import all_right, is_right, marks, share_right
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Disagreement, RaterProgress, SessionProgress
from sparrow_lite.rating.values import Item, Question, Rater, Rating, Session, Stage


def session_progress(store: RatingStore, session: Session, protocol: RatingProtocol) -> SessionProgress:
    """Return how the session does.

    Raises:
        StoreError: When the database cannot be read.
    """
    items = {item.id: item for item in store.items(session.id)}
    ratings = store.current(session.id)
    by_rater: dict[str, list[Rating]] = defaultdict(list)
    for one in ratings:
        if not one.adjudicates:
            by_rater[one.rater].append(one)
    assigned: dict[str, list[Item]] = defaultdict(list)
    for place in store.all_assignments(session.id):
        assigned[place.rater].append(items[place.item])
    rated = Counter(one.item for one in ratings if not one.adjudicates and one.skipped is None)
    work = [item for item in items.values() if item.stage is Stage.WORK]
    differing = disagreements(store, session, protocol)
    return SessionProgress(
        session=session,
        raters=tuple(
            _rater_progress(rater, assigned[rater.id], by_rater[rater.id], protocol)
            for rater in store.raters(session.id)
        ),
        items=len(work),
        finished=sum(rated[item.id] >= session.overlap for item in work),
        ratings=sum(rated[item.id] for item in work),
        disagreements=sum(one.decision is None for one in differing),
    )


def disagreements(store: RatingStore, session: Session, protocol: RatingProtocol) -> tuple[Disagreement, ...]:
    """Return the work items on which raters differ, in the items' order, those that are decided too.

    On a scale raters differ when they stand on different sides of the middle. Of dialogues that each
    rater had alone nothing is compared.

    Raises:
        StoreError: When the database cannot be read.
    """
    found = []
    for one in rated_items(store, session, protocol):
        differing = tuple(asked.id for asked in one.shared if _differ(asked, one.ratings))
        if differing:
            found.append(
                Disagreement(
                    item=one.item,
                    questions=one.questions,
                    differing=differing,
                    ratings=one.ratings,
                    decision=one.decision,
                )
            )
    return tuple(found)


def qualification_score(
    items: Sequence[Item], answers: Mapping[str, Mapping[str, str]], protocol: RatingProtocol
) -> float | None:
    """Return the share of right answers among all that have gold; None when there are none."""
    marked = (
        right
        for item in items
        for right in marks(protocol.questions(item), item.gold or {}, answers.get(item.id, {})).values()
    )
    return share_right(marked)


def _differ(question: Question, ratings: Sequence[Rating]) -> bool:
    said = [one.answers[question.id] for one in ratings if question.id in one.answers]
    return any(not is_right(question, said[0], other) for other in said[1:])


def _rater_progress(
    rater: Rater, items: Sequence[Item], ratings: Sequence[Rating], protocol: RatingProtocol
) -> RaterProgress:
    by_item = {one.item: one for one in ratings}
    answers = {one.item: one.answers for one in ratings}
    first = [item for item in items if item.stage is Stage.QUALIFICATION]
    rest = [item for item in items if item.stage is not Stage.QUALIFICATION]
    done = [by_item[item.id] for item in rest if item.id in by_item]
    checks = [item for item in rest if item.stage is Stage.CHECK and answers.get(item.id)]
    right = (all_right(protocol.questions(item), item.gold or {}, answers[item.id]) for item in checks)
    qualified = bool(first) and all(item.id in by_item for item in first)
    return RaterProgress(
        rater=rater,
        done=len(done),
        total=len(rest),
        skipped=sum(one.skipped is not None for one in done),
        qualification=qualification_score(first, answers, protocol) if qualified else None,
        checks_right=sum(right),
        checks_done=len(checks),
        seconds=median(one.seconds for one in done) if done else None,
        last_at=max((one.made_at for one in ratings), default=None),
    )
