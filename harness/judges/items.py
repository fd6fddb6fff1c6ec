"""What a judge is asked about one case: each criterion, for the whole chat or for the turns that call for it."""

from dataclasses import dataclass

from harness.core.rubric import Criterion, Level, Rubric
from harness.core.scenario import Turn
from harness.core.taxonomy import PROBED, Dimension, FailureType
from harness.judges.base import Case


@dataclass(frozen=True, slots=True)
class Item:
    """One grade that is asked for."""

    id: str
    """Its key in the answer: `voice`, `facts_3`, `expect_2_1`."""
    criterion: Criterion
    turn: int | None
    """None for the whole chat."""
    failure_type: FailureType | None = None
    """What the worst grade means, when a scenario wrote the criterion."""

    @property
    def over_time(self) -> bool:
        """Whether it can be graded only by whoever has read the whole chat."""
        return self.turn is None or self.criterion.dimension == "memory"


def items_for(rubric: Rubric, case: Case) -> tuple[Item, ...]:
    """The grades to ask for, in the order of the rubric, then what the scenario expects of single turns."""
    asked = [(number, case.scenario.turns[number - 1]) for number in case.graded()]
    items: list[Item] = []
    for criterion in rubric.criteria:
        if criterion.dense and not rubric.per_turn:
            items.append(Item(criterion.id, criterion, None))
        else:
            turns = [
                number
                for number, turn in asked
                if criterion.dense or criterion.dimension in _called_for(turn) | case.called
            ]
            items.extend(Item(f"{criterion.id}_{number}", criterion, number) for number in turns)
    for number, turn in asked:
        items.extend(_expected(number, turn))
    return tuple(items)


def _called_for(turn: Turn) -> frozenset[Dimension]:
    """The sparse dimensions that a turn puts to the test."""
    called = set(PROBED[turn.probe]) if turn.probe else set()
    if turn.about is not None:
        called.add("facts")
    if any(expectation.recalls for expectation in turn.expect):
        called.add("memory")
    return frozenset(called)


def _expected(number: int, turn: Turn) -> list[Item]:
    statements = [each for each in turn.expect if each.judge is not None]
    return [
        Item(
            f"expect_{number}_{index}",
            Criterion(
                id=f"expect-{index}",
                dimension="form",
                question={"en": statement.judge, "zh": statement.judge},
                levels=(
                    Level(grade=0, value=0.0, anchor={"en": "not so", "zh": "不是这样"}),
                    Level(grade=1, value=1.0, anchor={"en": "it is so", "zh": "是这样"}),
                ),
            ),
            number,
            statement.failure_type or "unmet_expectation",
        )
        for index, statement in enumerate(statements, 1)
        if statement.judge is not None
    ]
