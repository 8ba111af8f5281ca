"""The linter of rules: what is sound as a rule and yet hardly what its author meant."""
