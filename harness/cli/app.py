"""The `harness` command: its families, and the one place where errors become words and exit codes."""

import signal
import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from harness.cli import (
    calibrate,
    compare,
    estimate,
    local,
    models,
    plant,
    report,
    run,
    runs,
    scenarios,
    scoring,
    simulate,
)
from harness.cli.printing import leave_pipe, say
from harness.errors import HarnessError
from harness.version import __version__


class Boundary(TyperGroup):
    """Whatever goes wrong inside a command ends here."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; ours and the unforeseen become one message on standard error and the right exit code."""
        try:
            return super().invoke(ctx)
        except HarnessError as error:
            for line in str(error).splitlines():
                say(f"Error: {line}", err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except typer.Abort:
            raise typer.Exit(130) from None
        except BrokenPipeError:
            leave_pipe()
            raise typer.Exit(0) from None
        except (typer.Exit, typer.TyperException):
            raise
        except Exception:
            traceback.print_exc()
            typer.echo("Error: this is a bug in harness, not in your files · please report the lines above", err=True)
            raise typer.Exit(70) from None


app = typer.Typer(
    cls=Boundary,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Regression tests for characters: replay scripted role-play chats and find where the character broke.",
    epilog="Start with: harness demo",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


app.command("demo")(run.demo)
app.command("run")(run.run)
app.command("resume")(run.resume)
app.command("estimate")(estimate.estimate)
app.command("rescore")(scoring.rescore)
app.command("score")(scoring.score)
app.command("compare")(compare.compare)
app.command("calibrate")(calibrate.calibrate)
app.command("plant")(plant.plant)
app.command("report")(report.report)
app.command("simulate")(simulate.simulate)
app.add_typer(runs.app, name="runs")
app.add_typer(models.app, name="models")
app.add_typer(scenarios.app, name="scenarios")
app.add_typer(local.app, name="local")


def main() -> None:
    """Entry point of the console script."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    app()
