"""Disk and database on one side, values on the other."""
