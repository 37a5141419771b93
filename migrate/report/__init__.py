"""Report: outcomes to files, and the corrected rows back."""
