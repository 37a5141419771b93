"""Mappings: the TOML file that says which columns become which fields, compiled to column expressions."""
