"""Checks: whole columns of mapped records are read, judged and linked; what is wrong becomes findings."""
