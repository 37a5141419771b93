"""Codes of what readers see in a file: what spreadsheet programs did to it, and what can't be read as it was meant."""

from migrate.model.findings import Code

READING = (
    Code(
        "e_notation",
        "a long number, or an id such as 06E2, was turned into a number in exponent form; its digits are lost",
        "type the value again in a cell that is formatted as text, or export the list again",
    ),
    Code(
        "rounded_digits",
        "a number of more than 15 digits, of which the spreadsheet program kept the first 15",
        "type it again as text",
    ),
    Code("date_cell", "a spreadsheet program holds a date where the field is none", "type the value as text"),
    Code(
        "excel_error",
        "the cell holds an error such as #N/A, or #### where the column was too narrow when the file was saved",
        "mend the formula, widen the column, or type the value",
    ),
    Code(
        "formula_without_value",
        "a formula whose value was not saved with the workbook",
        "open the workbook in a spreadsheet program, let it calculate, and save it",
    ),
    Code(
        "volatile_formula",
        "a formula that has a new value whenever the workbook is opened (of today, of chance, of a macro); the value "
        "that was saved last was read",
        "copy the cell and paste it as a value, so that it stays what it is",
    ),
    Code(
        "hidden_by_format",
        "the cell has a value, and its number format shows nothing",
        "give the cell the General format if the value is meant to be read",
    ),
    Code(
        "zeros_by_format",
        "numbers of a column have leading zeros by their number format, such as 0000, and were read as they are shown",
        "nothing to do",
    ),
    Code("unwrapped", 'the text stood in a formula, such as ="0042", and was taken out of it', "nothing to do"),
    Code("text_marker", "the apostrophe in front, a spreadsheet's mark for text, was taken off", "nothing to do"),
    Code(
        "full_width",
        "a cell that identifies something had full-width letters or digits, which were read as plain ones",
        "nothing to do",
    ),
    Code(
        "unseen_space",
        "a cell that identifies something had a no-break space, which was read as a plain one, or one without width, "
        "which was taken out",
        "nothing to do",
    ),
    Code(
        "zeros_put_back",
        "a number in a corrected attention file lacked nothing but its leading zeros, and was taken as it was",
        "nothing to do; if the zeros are to go, mend the customer's file itself",
    ),
    Code(
        "mojibake",
        "letters were garbled when the file was saved in another encoding",
        "export the file again as UTF-8, or type the letters",
    ),
    Code(
        "encoding_guessed",
        "the file does not tell its encoding, which was taken from its letters; the message says how sure that is",
        'if letters look wrong, name it in the mapping\'s table, such as encoding = "cp949"',
    ),
    Code(
        "not_looked_up",
        "the second file that `lookup` asks has no row with this key, or the key is empty or damaged: nothing is taken",
        "add the row there, or mend the key in one of the files",
    ),
    Code(
        "looked_up_twice",
        "the second file that `lookup` asks has several rows with this key that differ; what they differ in is empty",
        "leave the row that is right",
    ),
    Code(
        "looked_up_by_none",
        "a row of a second file that no row looks up: it is used for nothing",
        "see whether a record is missing in the first file, or the key is spelt otherwise",
    ),
    Code("wrong_extension", "the file is of another kind than its name says, and was read as what it is", "rename it"),
    Code(
        "cut_short",
        "the file ends in the middle of a table, so rows may be missing at its end",
        "export it again, and compare the number of rows",
    ),
    Code(
        "hidden_cells",
        "a web page has cells that it does not show; they were left out, and take no place in their rows",
        "nothing to do; if they are meant to be read, have them shown and export it again",
    ),
    Code(
        "text_below",
        "a web page has text below its last table, which is no row of it and was left out",
        "nothing to do; if it is meant to be read, save the page as a workbook",
    ),
    Code(
        "ragged_row",
        "the row has more cells than the header, so cells may stand under the wrong name",
        "put quotation marks around the cell that holds the delimiter",
    ),
    Code(
        "short_row",
        "the row has fewer cells than the header; those at its end are taken as empty",
        "if a line break has split the row, put quotation marks around the cell that holds it",
    ),
    Code(
        "wide_row",
        "the row has more cells than the header, the last of them empty, so cells may stand under the wrong name",
        "look whether a cell holds the delimiter; if so, put quotation marks around it",
    ),
    Code(
        "unclosed_quote",
        "a quotation mark opens a cell and nothing closes it, or what closes it would swallow rows; it was read as a "
        "character like others",
        "close the quotation mark or take it out, and look whether the cells of the row stand where they belong",
    ),
    Code(
        "stray_quote",
        "text follows the quotation mark that closes a cell; it was read as a part of the cell",
        "double each quotation mark inside of a quoted cell, or take them out",
    ),
    Code(
        "swallowed_rows",
        "a quoted cell holds lines that are cut like rows of the table: a stray quotation mark may have swallowed them",
        "take the quotation mark out, or double it",
    ),
    Code("spaced_quote", "spaces stood around a cell's quotation marks, and were taken off with them", "nothing to do"),
    Code(
        "mark_inside",
        "a byte order mark stood in front of the row, as where two files were put together, and was taken off",
        "nothing to do, if the rows of both files are meant to be read",
    ),
    Code(
        "mixed_line_ends",
        "some rows end in a carriage return alone, others do not; each was taken as a row",
        "if a row was split so, put quotation marks around the cell that holds the carriage return",
    ),
    Code(
        "second_table",
        "a row behind a blank one looks like the header of another table; what is under it was read under the first",
        "put each table into a sheet or a file of its own",
    ),
    Code(
        "table_beside",
        "columns stand apart behind an empty one and end in another row: they may be another table",
        "put each table into a sheet of its own if they are two",
    ),
    Code(
        "hidden_row",
        "a row is hidden in the workbook, and was read like any other",
        "delete it, or leave it out with where, if it is not meant to be read",
    ),
    Code(
        "hidden_column",
        "a column that the mapping uses is hidden in the workbook, and was read like any other",
        "take it out of the mapping if it is not meant to be read",
    ),
    Code(
        "merged_cells",
        "cells are merged, and their value stands in the first of them alone; a note where fill_down fills the others",
        "list the column under fill_down in the mapping's table, or fill the cells",
    ),
    Code(
        "hidden_sheet",
        "a sheet is hidden in the workbook, and was read like any other",
        "leave it out of the mapping's tables if it is not meant to be read",
    ),
    Code(
        "credentials_dropped",
        "a column looks like a credential and was not read",
        "nothing to do; if it is none, list it under keep in the mapping's table",
    ),
    Code("masked_credentials", "a password in an address was replaced by ***", "nothing to do"),
)
"""What readers find; damage to a field that identifies something is an error, to any other a warning or a note."""
