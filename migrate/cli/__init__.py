"""The command line: parses, calls one use case, shows one result, returns one exit code."""
