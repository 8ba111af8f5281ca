"""Trail logs as found: where bytes come from, the container they are in, the canonical event."""
