"""Events against rules: the compiled rule set, scanning, tallies and their merge."""
