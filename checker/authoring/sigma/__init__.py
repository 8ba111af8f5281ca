"""Sigma rules for AWS CloudTrail made into rules of this program."""
