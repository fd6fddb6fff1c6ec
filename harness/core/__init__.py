"""Frozen values and ports: what the program talks about. No I/O happens here."""
