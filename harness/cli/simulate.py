"""`harness simulate`: a provider that lies like the real ones, to rehearse runs against."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.simulator import Simulation


def simulate(
    profile: Annotated[
        str, typer.Option("--profile", help="cometapi, tokenhub, hunyuan-legacy, minimax or openai.")
    ] = "cometapi",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8399,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="KIND:SHARE for a share of requests, KIND@N or KIND@N-M by number. Repeats."),
    ] = None,
    latency: Annotated[float, typer.Option("--latency", min=0, help="Seconds before a reply: the median.")] = 0.0,
    spread: Annotated[float, typer.Option("--spread", min=0, max=3, help="How much that varies; 0: not at all.")] = 0.0,
    pace: Annotated[float, typer.Option("--pace", min=0, help="Seconds between the pieces of a stream.")] = 0.0,
    rpm: Annotated[int | None, typer.Option("--rpm", min=1, help="Requests that are taken within a minute.")] = None,
    concurrent: Annotated[int | None, typer.Option("--concurrent", min=1, help="Requests taken at once.")] = None,
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", help="The filter stops user messages with this word. Repeats.")
    ] = None,
    forbid_reply: Annotated[
        list[str] | None,
        typer.Option("--forbid-reply", help="The filter stops replies to such messages half-way. Repeats."),
    ] = None,
    break_at: Annotated[
        int | None, typer.Option("--break-at", min=1, help="The turn each character breaks at.")
    ] = None,
    steady: Annotated[bool, typer.Option("--steady", help="No character ever slips or breaks.")] = False,
    key: Annotated[str | None, typer.Option("--key", help="The one key that is accepted; any, without it.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another rehearsal.")] = 0,
    log: Annotated[
        Path | None, typer.Option("--log", help="Append what became of each request, a JSON a line.")
    ] = None,
) -> None:
    """Serve a provider that lies like the real ones on 127.0.0.1, until interrupted.

    Example: harness simulate --profile cometapi --fault rate-limit:0.1
    """
    import asyncio

    from harness.simulator import Simulation, profile_named, read_faults

    if steady and break_at is not None:
        raise typer.BadParameter("a steady character does not break", param_hint="--break-at")
    simulation = Simulation(
        profile=profile_named(profile),
        faults=read_faults(fault or ()),
        seed=seed,
        break_at=break_at,
        steady=steady,
        key=key,
        forbid=tuple(filter(None, forbid or ())),
        forbid_reply=tuple(filter(None, forbid_reply or ())),
        rpm=rpm,
        concurrent=concurrent,
        latency=latency,
        spread=spread,
        pace=pace,
    )
    asyncio.run(_serve(simulation, port, log))


async def _serve(simulation: "Simulation", port: int, log: Path | None) -> None:
    """Serve until a signal comes, then say how it went."""
    import asyncio
    import signal

    from harness.simulator import serving
    from harness.simulator.row import model_row

    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    profile = simulation.profile
    async with serving(simulation, port=port, log=log) as server:
        keys = "any key" if simulation.key is None else "one key"
        typer.echo(model_row(profile, server.url, needs_key=simulation.key is not None), err=True)
        typer.echo(f"serving {profile.model} ({profile.name}) at {server.url} · {keys} · stop with Ctrl-C")
        await stopped.wait()
    sums = server.ledger.sums()
    typer.echo(
        f"{sums['requests']} requests · {sums['answered']} answered · {sums['faults']} faults · charged "
        f"{sums['prompt_tokens']} + {sums['completion_tokens']} tokens",
        err=True,
    )
