"""The report model and one module for each format."""
