"""Carrying out a plan: batches, doubt and reading back, breaker, resume."""
