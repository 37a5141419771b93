"""Readers: bytes to text tables; sniffing, delimited text, workbooks, header row, spreadsheet damage."""
