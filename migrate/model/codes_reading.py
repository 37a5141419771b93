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
        "hidden_by_format",
        "the cell has a value, and its number format shows nothing",
        "give the cell the General format if the value is meant to be read",
    ),
    Code("unwrapped", 'the text stood in a formula, such as ="0042", and was taken out of it', "nothing to do"),
    Code("text_marker", "the apostrophe in front, a spreadsheet's mark for text, was taken off", "nothing to do"),
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
    Code("wrong_extension", "the file is of another kind than its name says, and was read as what it is", "rename it"),
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
        "a quotation mark opens the cell and nothing closes it, or what would close it swallows rows",
        "close the quotation mark or take it out",
    ),
    Code(
        "stray_quote",
        "text follows the quotation mark that closes the cell",
        "double each quotation mark inside of a quoted cell, or take them out",
    ),
    Code(
        "swallowed_rows",
        "the cell has several lines and as many delimiters as a row; stray quotation marks may have swallowed rows",
        "look at the cell; if it holds rows, take out the quotation marks at its ends",
    ),
    Code("spaced_quote", "spaces stood around a cell's quotation marks, and were taken off with them", "nothing to do"),
    Code(
        "mark_inside",
        "a byte order mark stood in front of the row, as where two files were put together, and was taken off",
        "nothing to do, if the rows of both files are meant to be read",
    ),
    Code(
        "second_table",
        "another table seems to begin in the row, with a header of its own; its rows are read as those of the first",
        "put it into a file or a sheet of its own, or leave its rows out with where",
    ),
    Code(
        "hidden_row",
        "a row is hidden in the workbook, and was read like any other",
        "delete it, or leave it out with where, if it is not meant to be read",
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
