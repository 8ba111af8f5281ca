"""Facts and formats of AWS: ARNs, identities, IAM policy documents, time, outcomes."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict with text keys."""
