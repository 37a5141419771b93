"""Outcomes: records, findings, actions and answers to one outcome a record, and the sums that must balance."""
