"""The command line: the only composer. Command modules import nothing heavy until a command runs."""
