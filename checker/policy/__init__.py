"""Rules as written: YAML with positions, the rule model, its schema, parameters and packs."""
