"""Mutation: a rule changed in one place, to see whether its tests notice."""
