"""Suggest: from unknown tables to a mapping, each part of it with its reason and how sure it is."""
