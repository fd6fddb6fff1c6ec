"""What a finished run says: its table and breaks on standard output, its reports as files."""

import re
import webbrowser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from harness.analysis.findings import Marked, marked_findings
from harness.analysis.summary import ModelSummary, Summary, summarise
from harness.cli.output import Output
from harness.cli.printing import json_text, leave_pipe, print_json, print_table, say
from harness.core.run import Run
from harness.core.transcript import SampleKey
from harness.errors import InputError, StoreError
from harness.report.html import write_report, write_whole
from harness.report.json import summary_object
from harness.report.numbers import bill, percent, seconds
from harness.report.wording import sentence
from harness.text.visible import visible

MOST_BREAKS = 12
"""Breaks printed after a run; the report has all."""
LONGEST_QUOTE = 160
MOST_FAILURES = 5
REQUEST_ID = re.compile(r"\s*\(request id: [^)]*\)")
"""What makes equal errors look different."""


def conclude(run: Run, output: Output, home: Path) -> None:
    """Write the reports of a finished run and print its outcome, which no report that cannot be written holds back.

    Raises:
        StoreError: a report could not be written.
    """
    summary = summarise(run)
    written: list[Path] = []
    failure: StoreError | None = None
    for target in [Path(file) for file in output.files] or [home / "reports" / f"{run.id}.html"]:
        try:
            written.append(write_file(run, summary, target, output.language))
        except InputError as error:
            failure = StoreError(str(error))
    try:
        print_outcome(run, summary, output, written)
    except BrokenPipeError:
        leave_pipe()
    if failure is not None:
        raise failure


def write_file(run: Run, summary: Summary, target: Path, language: str | None) -> Path:
    """One report, of the kind that its name ends in.

    Raises:
        InputError: it cannot be written.
    """
    if target.suffix == ".json":
        return write_whole(target, json_text(summary_object(summary, target)) + "\n")
    return write_report(run, summary, target, "zh" if report_language(run, language) == "zh" else "en")


def report_language(run: Run, asked: str | None) -> str:
    """The language asked for; otherwise Chinese when every character speaks Chinese."""
    if asked is not None:
        return asked
    languages = {persona.language for persona in run.snapshot.personas.values()}
    return "zh" if languages and "en" not in languages else "en"


def print_outcome(run: Run, summary: Summary, output: Output, paths: Sequence[Path]) -> None:
    """The table, the breaks, and where the report is; with `--json` one object, and the breaks on standard error."""
    html = next((path for path in paths if path.suffix == ".html"), None)
    breaks = _breaks(run)
    if output.json:
        print_json(summary_object(summary, html or next(iter(paths), None)))
    else:
        print_models(summary)
        for path in paths:
            say(f"report: {path}")
    for line in breaks:
        say(line, err=output.json)
    for line in (*_failures(run), *_doubts(run)):
        say(line, err=True)
    if output.open_report and html is not None:
        open_in_browser(html)


def print_summary(run: Run, *, json_output: bool) -> None:
    """A saved run's numbers."""
    summary = summarise(run)
    if json_output:
        print_json(summary_object(summary, None))
    else:
        say(f"{run.id} · {run.status} · {len(run.samples)} samples, {summary.turns} turns answered")
        print_models(summary)
        for line in _breaks(run):
            say(line)


def print_models(summary: Summary) -> None:
    """One row for each model and prompt."""
    heads = (
        "model",
        "prompt",
        "samples",
        "broken",
        "break rate",
        "lapses",
        "not answered",
        "p50",
        "model cost",
        "judge cost",
    )
    print_table(heads, [_model_row(model) for model in summary.models])
    if summary.saved.calls:
        say(f"saved by cache: {bill(summary.saved)}")


def _model_row(model: ModelSummary) -> tuple[str, ...]:
    bad = {name: count for name, count in model.outcomes.items() if count and name not in ("answered", "truncated")}
    return (
        model.model,
        model.prompt,
        str(model.samples),
        str(model.broken_samples),
        percent(model.break_rate),
        str(model.findings["lapse"]),
        ", ".join(f"{count} {name}" for name, count in bad.items()) or "–",
        seconds(model.latency.p50, "en") if model.latency else "–",
        bill(model.model_bill),
        bill(model.judge_bill),
    )


def _breaks(run: Run) -> list[str]:
    """Each break in a line, and how many more there are."""
    found: list[tuple[SampleKey, Marked]] = []
    for sample in run.samples:
        marks = (marked for marked in marked_findings(sample, run) if marked.counts and marked.main.severity == "break")
        found += [(sample.key, marked) for marked in marks]
    lines = []
    for key, marked in found[:MOST_BREAKS]:
        finding = marked.main
        quote = visible(finding.quote.replace("\n", " "), LONGEST_QUOTE)
        lines.append(f"BREAK {key} · turn {finding.turn}, {finding.failure_type}: {quote}")
        lines.append(f"      {visible(sentence(finding, 'en'))}")
    if len(found) > MOST_BREAKS:
        lines.append(f"… and {len(found) - MOST_BREAKS} more breaks in the report")
    return lines


def _doubts(run: Run) -> list[str]:
    """Judges that are not believed in this run, because they missed what is known."""
    told = [(name, *run.missed(name)) for name in run.snapshot.judges if run.doubted(name)]
    return [f"Warning: judge {name} missed {n} of {of} known replies: it is not believed here" for name, n, of in told]


def _failures(run: Run) -> list[str]:
    """Why calls failed: each reason once, with how often and whose."""
    errors = [(sample.key.model, each.error) for sample in run.samples for each in sample.transcript.exchanges]
    errors += [(f"judge {ask.model}", ask.error) for sample in run.samples for ask in sample.asks]
    told = Counter((who, REQUEST_ID.sub("", error)) for who, error in errors if error is not None)
    lines = [f"FAILED {n} ×: {who}: {visible(why, LONGEST_QUOTE)}" for (who, why), n in told.most_common(MOST_FAILURES)]
    rest = sum(told.values()) - sum(count for _, count in told.most_common(MOST_FAILURES))
    return [*lines, f"… and {rest} more calls that failed"] if rest else lines


def open_in_browser(path: Path) -> None:
    """Show a report."""
    webbrowser.open(path.absolute().as_uri())
