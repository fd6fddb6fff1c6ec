"""The process that serves the embedded model: `python engine.py WEIGHTS PORT THREADS`.

It imports nothing of ours, so that it is up at once. It prints the address it listens on, then serves until its
standard input closes, so that it never outlives its parent.
"""

import signal
import sys

CONTEXT_TOKENS = 8192
"""What the model was trained for."""
SLOTS = 2
"""Calls come one at a time; the second slot keeps a judge's prompt prefix from evicting the replay's."""
CACHE_MEBIBYTES = 256
"""For the prefixes of earlier prompts."""


def serve(weights: str, port: int, threads: int) -> None:
    """Serve until standard input ends."""
    import xllamacpp

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = SLOTS
    params.kv_unified = True
    params.cache_ram_mib = CACHE_MEBIBYTES
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    params.warmup = False
    params.ui = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
