"""The command line: one module for each command, no logic of its own."""
