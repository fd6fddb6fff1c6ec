"""A run as a table: one tidy row per sample and scripted turn.

Columns: `scenario`, `persona`, `prompt`, `model`, `epoch`, `sample` (place in the run, from 1), `turn`, `probe`,
`outcome` (`skipped` when the turn was never asked), `finished` (whether the sample was checked, so that findings can
count), `break`, `lapse`, `note` (findings that count), `rule_break` (breaks that a rule saw), `seconds`,
`first_token_seconds`, `attempts`, `input_tokens`, `output_tokens`, `characters` (of the reply).
"""

from collections import Counter

import pandas as pd

from harness.analysis.findings import marked_findings
from harness.core.run import Run, Sample

COLUMNS = (
    "scenario", "persona", "prompt", "model", "epoch", "sample", "turn", "probe", "outcome", "finished",
    "break", "lapse", "note", "rule_break", "seconds", "first_token_seconds", "attempts", "input_tokens",
    "output_tokens", "characters",
)  # fmt: skip


def frame_turns(run: Run) -> pd.DataFrame:
    """The table of a run's turns. Turns of samples that never ended are `skipped`, too."""
    rows = [row for place, sample in enumerate(run.samples, 1) for row in _rows(place, sample, run)]
    table = pd.DataFrame.from_records(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(("seconds", "first_token_seconds", "input_tokens", "output_tokens"), float))


def _rows(place: int, sample: Sample, run: Run) -> list[tuple[object, ...]]:
    scenario = run.snapshot.scenarios[sample.key.scenario]
    found: dict[int, Counter[str]] = {}
    for marked in marked_findings(sample, run):
        if marked.counts:
            counts = found.setdefault(marked.main.turn, Counter())
            counts[marked.main.severity] += 1
            counts["rule_break"] += marked.main.by_rule and marked.main.severity == "break"
    exchanges = {exchange.turn: exchange for exchange in sample.transcript.exchanges}
    rows: list[tuple[object, ...]] = []
    for number, turn in enumerate(scenario.turns, 1):
        counts = found.get(number, Counter())
        head = (sample.key.scenario, scenario.persona, *sample.key[1:], place, number, turn.probe)
        marks = (counts["break"], counts["lapse"], counts["note"], counts["rule_break"])
        exchange = exchanges.get(number)
        if exchange is None:
            rows.append((*head, "skipped", sample.finished, *marks, None, None, 0, None, None, 0))
            continue
        call, usage = exchange.call, exchange.call.usage
        rows.append(
            (
                *head, exchange.outcome, sample.finished, *marks,
                call.seconds, exchange.first_token_seconds, call.attempts, usage.input_tokens if usage else None,
                usage.output_tokens if usage else None, len(exchange.text),
            )
        )  # fmt: skip
    return rows
