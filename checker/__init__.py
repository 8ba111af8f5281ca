"""Compliance policy-as-code for AWS CloudTrail."""

__version__ = "0.1.0"
