"""Judges' cards: found for the judges of a run, and printed at a terminal."""

from collections.abc import Sequence

from harness.cli.printing import print_table, say
from harness.core.card import Card, Interval
from harness.core.run import Snapshot
from harness.judges.asking import fingerprint
from harness.store.cards import read_cards
from harness.store.project import ProjectFolder


def with_cards(folder: ProjectFolder, snapshot: Snapshot) -> Snapshot:
    """A plan with what is known of each judge as it is now: same model, settings and wording.

    Raises:
        InputError: a file among the cards is none.
    """
    if not snapshot.judges:
        return snapshot.model_copy(update={"cards": {}})
    known = list(read_cards(folder.root))
    cards = {}
    for name, judge in snapshot.judges.items():
        model, rubric = snapshot.models[judge.model], snapshot.rubrics[judge.rubric]
        same = (judge.model, model.id, model.params, judge.samples, rubric.edition, fingerprint(rubric))
        matching = [each for each in known if same == _measured(each)]
        if matching:
            cards[name] = _together(matching)
    return snapshot.model_copy(update={"cards": cards})


def _together(cards: Sequence[Card]) -> Card:
    """Several measurements of one judge as one card: of each dimension, language and kind of labels the newest."""
    rows = {(row.dimension, row.language, row.labels): row for card in reversed(cards) for row in card.rows}
    return cards[0].model_copy(update={"rows": tuple(rows.values())})


def _measured(card: Card) -> tuple[object, ...]:
    return card.model, card.id, card.params, card.samples, card.rubric, card.prompt


def print_card(card: Card) -> None:
    """How far the judge agrees with labels, and what follows from it."""
    say(f"{card.model} with {card.rubric}, samples {card.samples}, prompt {card.prompt}")
    heads = (
        "dimension", "language", "labels", "rows", "scored", "trust", "Pearson", "Spearman", "kappa", "AUROC", "bias",
        "length", "again", "no skill",
    )  # fmt: skip
    print_table(
        heads,
        [
            (
                row.dimension,
                row.language,
                row.labels,
                row.rows,
                row.scored,
                card.trust(row.dimension, row.language),
                *(_figure(one) for one in (row.pearson, row.spearman, row.kappa, row.auroc, row.bias, row.length)),
                _plain(row.repeat),
                f"{_plain(row.baseline_pearson)} · {_plain(row.baseline_auroc)}",
            )
            for row in card.rows
        ],
    )
    for language in dict.fromkeys(step.language for step in card.sensitivity):
        steps = [step for step in card.sensitivity if step.language == language]
        told = ", ".join(f"{step.share:.0%}: {'-' if step.rating is None else f'{step.rating:.2f}'}" for step in steps)
        say(f"rating with breaks planted in a share of the turns, {language}: {told}")
    for flips in card.flips:
        say(f"of {flips.pairs} pairs, {flips.language}: {flips.right} right both ways, {flips.flipped} flipped")
    if not card.trusted():
        say("It is trusted in nothing: its word is shown in grey and counted nowhere.")


def _figure(one: Interval) -> str:
    return _plain(one) if one.low is None else f"{_plain(one)} ({one.low:.2f} to {one.high:.2f})"


def _plain(one: Interval) -> str:
    return "-" if one.value is None else f"{one.value:.2f}"
