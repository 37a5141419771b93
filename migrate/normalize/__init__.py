"""Normalize: zone numbers, time zones, MACs, enumerations and near keys, through the different values of a column."""
