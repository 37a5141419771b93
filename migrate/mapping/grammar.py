"""The grammar of a mapping file, as strict models; what these can't say stands in `rules`."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from migrate.mapping.patterns import check_pattern, check_replacements, check_split
from migrate.mapping.templates import parse_template

WIDEST_PAD = 64
MOST_TABLES = 100
LAST_ROW = 1_048_576


def _scalar(value: object) -> object:
    """Text, a whole number or yes/no, as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _present(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


def _one_or_more(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, str) else value


def _template(text: str) -> str:
    parse_template(text)
    return text


def _column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _conditions(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, dict) else value


def _own_and_theirs(value: object) -> object:
    """One or more names that are the same in both files, or a table of own name → the other file's, as pairs."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list):
        return tuple((name, name) for name in names)
    return tuple(value.items()) if isinstance(value, dict) else value


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _one_character(text: str) -> str:
    if len(text) != 1 or text in "\r\n":
        raise ValueError("must be one character")
    return text


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise ValueError(f'"{name}" is no encoding; such as utf-8, cp1252, utf-16, cp949') from error
    return name


Name = Annotated[str, AfterValidator(_present)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_tuple, json_schema_input_type=list[str])]
OneOrMore = Annotated[
    tuple[Name, ...], BeforeValidator(_one_or_more, json_schema_input_type=str | list[str]), Field(min_length=1)
]
Scalar = Annotated[str, BeforeValidator(_scalar, json_schema_input_type=str | int | bool)]
Keys = Annotated[
    tuple[Scalar, ...], BeforeValidator(_tuple, json_schema_input_type=list[str | int | bool]), Field(min_length=1)
]
Pattern = Annotated[str, AfterValidator(check_pattern)]
Character = Annotated[str, AfterValidator(_one_character)]


class Grammar(BaseModel):
    """What all parts of a mapping file have in common."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


class FieldSpec(Grammar):
    """Where a field comes from (`column`, `template` or `value`), and the steps that are applied to it."""

    column: OneOrMore | None = None
    """A column's name; of a list, the first column that is not empty."""
    template: Annotated[str, AfterValidator(_template)] | None = None
    """Columns put together, such as "{Last Name}, {First Name}"."""
    value: Scalar | None = None
    """The same text for every row."""
    extract: Pattern | None = None
    """A regular expression whose first group is taken; without a match the field is empty, and a warning says so."""
    replace: Annotated[dict[Pattern, str], AfterValidator(check_replacements)] = Field(default_factory=dict)
    """Regular expression → text, in order; ${1} stands for the first group."""
    split: Annotated[str, AfterValidator(check_split)] | None = None
    """A regular expression between parts, each of which goes through the rest; commas join them again."""
    case: Literal["upper", "lower", "title"] | None = None
    """How letters are written."""
    map: dict[Name, Scalar] = Field(default_factory=dict)
    """Whole value, in any case, `*` for anything → text."""
    strict: bool = False
    """A value that no key of `map` matches is an error."""
    pad: Annotated[int, Field(ge=1, le=WIDEST_PAD)] | None = None
    """Zeros in front of a value that is all digits, to this width."""
    default: Annotated[Scalar, AfterValidator(_present)] | None = None
    """The text where the result is empty."""
    clear: bool = False
    """An empty cell clears the dealer's value on update."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the field reads, in order."""
        if self.template is not None:
            return parse_template(self.template).columns
        return self.column or ()


class Where(Grammar):
    """A condition on one column, with one of `in`, `not_in`, `matches`."""

    column: Name
    """The column's name."""
    in_: Keys | None = Field(default=None, alias="in")
    """Rows with one of these values are taken; compared like keys of `map`, "" is an empty cell."""
    not_in: Keys | None = None
    """Rows with one of these values are left out; compared like keys of `map`, "" is an empty cell."""
    matches: Pattern | None = None
    """Rows in whose cell this regular expression is found are taken."""


class Lookup(Grammar):
    """A second file, such as a list of zones, with columns that the table's own file lacks."""

    key: Annotated[
        tuple[tuple[Name, Name], ...],
        BeforeValidator(_own_and_theirs, json_schema_input_type=str | list[str] | dict[str, str]),
        Field(min_length=1),
    ]
    """The column that tells which rows belong together, in both files; a list: all of them; own name → the other's."""
    columns: Annotated[Names, Field(min_length=1)]
    """The columns that are taken from the second file."""
    file: Name | None = None
    """A glob on the second file's name; default: the input that has these columns."""
    sheet: Name | None = None
    """A glob on the second file's sheet; default: any."""

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The columns that the reader must not drop from the second file, whatever they are called."""
        return tuple(dict.fromkeys((*(theirs for _, theirs in self.key), *self.columns)))


class TableSpec(Grammar):
    """Which rows of which inputs become which record."""

    record: Name
    """What each row becomes."""
    file: Name | None = None
    """A glob on the input's file name; default: every input."""
    sheet: Name | None = None
    """A sheet's name or a glob on it; default: the first sheet that has rows."""
    header_row: Annotated[int, Field(ge=0, le=LAST_ROW)] | None = None
    """The row of the header, as the spreadsheet numbers it; 0: there is none. Default: found by looking."""
    fill_down: Names = ()
    """Columns whose empty cells take the value above."""
    where: Annotated[tuple[Where, ...], BeforeValidator(_conditions, json_schema_input_type=Where | list[Where])] = ()
    """Which rows are taken; of a list all must hold."""
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    """A text file's encoding, where looking goes wrong."""
    delimiter: Character | None = None
    """A text file's delimiter, where looking goes wrong."""
    quote: Character | None = None
    """A text file's quote character, where looking goes wrong."""
    keep: Names = ()
    """Columns that look like credentials and are none."""
    lookup: Lookup | None = None
    """A second file with columns that this one lacks."""
    fields: dict[str, Annotated[FieldSpec, BeforeValidator(_column, json_schema_input_type=str | FieldSpec)]]
    """Field of the record → where it comes from: a column's name, or a table."""

    @property
    def mapped_columns(self) -> tuple[str, ...]:
        """The columns that the fields read."""
        return tuple(dict.fromkeys(column for field in self.fields.values() for column in field.columns))

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The columns that the reader must not drop, whatever they are called."""
        conditions = (condition.column for condition in self.where)
        keys = (name for pair in (self.lookup.key if self.lookup else ()) for name in pair)
        return tuple(dict.fromkeys((*self.mapped_columns, *self.fill_down, *conditions, *self.keep, *keys)))


class MappingFile(Grammar):
    """A mapping file."""

    name: Name | None = None
    """What the mapping is called; default: the file's name."""
    table: Annotated[
        tuple[TableSpec, ...], BeforeValidator(_tuple, json_schema_input_type=list[TableSpec]), Field(min_length=1)
    ]
    """One for each kind of record in each kind of sheet."""


def needs_all(field: str, spec: FieldSpec) -> bool:
    """Tell whether one empty part makes the field empty: the template of an id does."""
    return spec.template is not None and field.endswith("_id")


def options_of(location: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the options that may stand in the part of a mapping file at `location`."""
    models: dict[tuple[str, ...], type[Grammar]] = {
        (): MappingFile,
        ("table",): TableSpec,
        ("table", "where"): Where,
        ("table", "lookup"): Lookup,
    }
    model = models.get(tuple(key for key in location if isinstance(key, str)), FieldSpec)
    return tuple(field.alias or name for name, field in model.model_fields.items())
