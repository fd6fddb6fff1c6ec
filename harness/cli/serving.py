"""`harness local serve`: the embedded model for anybody on this machine."""

import asyncio
import signal

import typer

from harness.providers.local import Engine, need_engine
from harness.providers.weights import weights_file


async def serve_until_stopped(port: int) -> None:
    """Serve on a loopback port until a signal comes or the engine dies."""
    need_engine()
    engine = await Engine.start(weights_file(), port)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    typer.echo(f"serving at {engine.url}/v1 · any key, model smollm2 · stop with Ctrl-C")
    died = asyncio.create_task(engine.process.wait())
    await asyncio.wait({died, asyncio.create_task(stopped.wait())}, return_when=asyncio.FIRST_COMPLETED)
    await engine.stop()
    raise typer.Exit(0 if stopped.is_set() else 3)
