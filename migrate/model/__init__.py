"""The words of the tool, as values; no room below it, no I/O in it."""
