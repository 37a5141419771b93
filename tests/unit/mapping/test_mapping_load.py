"""Loading a mapping: where it is found, and what is told of one that has mistakes."""

import hashlib
from pathlib import Path

import pytest
from mapping_sources import SITE_ID, mapping

from migrate.errors import MappingError, UsageError
from migrate.mapping import load
from migrate.mapping.mapping import Mapping
from migrate.readers.options import ReadOptions, SheetOptions

SITE = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'


def mistakes(text: str) -> list[str]:
    """Return what is told of a mapping's text."""
    with pytest.raises(MappingError) as refused:
        mapping(text)
    return refused.value.mistakes


def in_field(spec: str) -> list[str]:
    """Return what is told of a field's spec, on line 7."""
    return mistakes(f"{SITE}mac_free = 1\n".replace("mac_free = 1", f"address1 = {spec}"))


def test_a_mapping_is_loaded_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f'name = "Acme"\n{SITE}'.replace("\n", "\r\n").encode())
    loaded = Mapping.load(path)
    assert (loaded.name, loaded.path, len(loaded.tables)) == ("Acme", str(path), 1)
    assert loaded.sha256 == hashlib.sha256(loaded.text.encode()).hexdigest()


def test_the_text_of_a_mapping_makes_the_same_mapping_again(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(f"# caf\u00e9\n{SITE}", encoding="utf-8")
    loaded = Mapping.load(str(path))
    assert Mapping.parse(loaded.text, path=loaded.path) == loaded
    assert loaded.name == "acme"


def test_a_shipped_mapping_is_loaded_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template.toml").write_text(SITE, encoding="utf-8")
    monkeypatch.setattr(load, "shipped_mappings", lambda: {"template": tmp_path / "template.toml"})
    assert Mapping.load("template").path == str(tmp_path / "template.toml")


def test_a_mapping_that_is_not_there_names_the_nearest_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "template.toml").write_text(SITE, encoding="utf-8")
    monkeypatch.setattr(load, "shipped_mappings", lambda: {"template": tmp_path / "template.toml"})
    with pytest.raises(UsageError, match=r"^tmplate: no such mapping file.*did you mean `template`\?$"):
        Mapping.load("tmplate")
    with pytest.raises(UsageError, match=r"shipped: template$"):
        Mapping.load("zzz.toml")


def test_a_mapping_larger_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(b"#" * (load.MOST_BYTES + 1))
    with pytest.raises(MappingError, match="larger than 1024 KiB"):
        Mapping.load(path)


def test_a_mapping_that_is_not_utf8_tells_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "x"\n# caf\xe9\n')
    with pytest.raises(MappingError, match=r"latin\.toml:2: is not UTF-8"):
        Mapping.load(path)


def test_a_mapping_that_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "acme.toml"
    path.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match="can't be read: Permission denied"):
        Mapping.load(path)


def test_every_mistake_is_told_at_once_with_its_line_and_key() -> None:
    text = """name = "Acme"
[[table]]
record = "site"
shet = "Customers"
header_row = "3"
where = { column = "Status", not_in = "Closed" }
[table.fields]
external_site_id = "Customer #"
nme = "Name"
timezone = { column = "TZ", map = { Eastern = 1.5 }, pad = "6" }
address2 = { column = "Acct", value = "A" }
address1 = { extract = "(" }

[[table]]
record = "camera"
[table.fields]
"""
    assert mistakes(text) == [
        "acme.toml:4: table[1].shet: is no option here; did you mean `sheet`?",
        "acme.toml:5: table[1].header_row: must be a whole number, without quotes",
        "acme.toml:6: table[1].where.not_in: must be a list, in square brackets",
        "acme.toml:7: table[1].fields: name is missing; a site must have it",
        "acme.toml:9: table[1].fields.nme: a site has no such field; did you mean `name`?",
        "acme.toml:10: table[1].fields.timezone.map.Eastern: must be text, in quotes",
        "acme.toml:10: table[1].fields.timezone.pad: must be a whole number, without quotes",
        "acme.toml:11: table[1].fields.address2: has column and value; it needs exactly one of column, template, value",
        "acme.toml:12: table[1].fields.address1: needs one of column, template, value",
        "acme.toml:12: table[1].fields.address1.extract: is no regular expression: unclosed group",
        'acme.toml:15: table[2].record: "camera" is no record that this version knows (station, site, device)',
    ]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("{}", "needs one of column, template, value"),
        ("3", "must be a column's name, or a table such as"),
        ("' '", "is empty"),
        ("{ column = [] }", "column: is empty"),
        ("{ column = 3 }", "column: must be a column's name, or a list of names"),
        ("{ column = ['A', 3] }", "column[2]: must be text, in quotes"),
        ("{ colum = 'A' }", "colum: is no option here; did you mean `column`?"),
        ("{ column = 'A', zzzz = 1 }", "zzzz: is no option here; there are column, template, value, extract,"),
        ("{ column = 'A', pad = '6' }", "pad: must be a whole number, without quotes"),
        ("{ column = 'A', pad = true }", "pad: must be a whole number, without quotes"),
        ("{ column = 'A', pad = 0 }", "pad: should be greater than or equal to 1"),
        ("{ column = 'A', pad = 65 }", "pad: should be less than or equal to 64"),
        ("{ column = 'A', case = 'uper' }", '"uper" is not one of upper, lower, title; did you mean `upper`?'),
        ("{ column = 'A', strict = 'yes', map = { a = 'b' } }", "strict: must be true or false, without quotes"),
        ("{ column = 'A', strict = true }", "strict: needs a map"),
        ("{ column = 'A', map = { '' = 'b' } }", 'map."": is empty'),
        ("{ column = 'A', map = 'b' }", "map: must be a table: { key = value }"),
        ("{ column = 'A', map = { a = '1', 'A ' = '2' } }", 'map."A ": is the same key as "a", with another text'),
        ("{ column = 'A', extract = '' }", "extract: is empty; write a regular expression"),
        ("{ column = 'A', extract = '(?=x)' }", "is no regular expression: look-around"),
        ("{ column = 'A', extract = '(a)\\1' }", "is no regular expression: backreferences are not supported"),
        ("{ column = 'A', extract = 'a{999}{999}{99}' }", "is no regular expression: Compiled regex exceeds size"),
        ("{ column = 'A', default = '' }", "default: is empty"),
        ("{ column = 'A', split = ',*' }", "split: matches the empty text"),
        ("{ column = 'A', replace = { '[' = '' } }", 'replace."[": is no regular expression: unclosed character class'),
        ("{ column = 'A', replace = { '(a)' = '$1b' } }", 'replace: "$1b" names a group "1b" that "(a)" lacks'),
        ("{ template = '{A' }", "template: has a lone {; a column is written {Name}, a brace itself {{"),
        ("{ template = 'A' }", "template: names no column"),
        ("{ value = 1.5 }", "value: must be text, in quotes"),
        ("{ value = 1979-05-27 }", "value: must be text, in quotes"),
    ],
)
def test_a_mistake_in_a_field_is_told_with_its_key(spec: str, told: str) -> None:
    assert any(line.startswith("acme.toml:7: table[1].fields.address1") and told in line for line in in_field(spec))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("header_row = -1", "header_row: should be greater than or equal to 0"),
        ("fill_down = 'A'", "fill_down: must be a list, in square brackets"),
        ("fill_down = ['']", "fill_down[1]: is empty"),
        ("encoding = 'latin-99'", 'encoding: "latin-99" is no encoding'),
        ("delimiter = ';;'", "delimiter: must be one character"),
        ("quote = ''", "quote: must be one character"),
        ("where = { column = 'A' }", "where: needs one of in, not_in, matches"),
        ("where = { column = 'A', in = ['a'], not_in = ['b'] }", "where: has in and not_in; it needs exactly one of"),
        ("where = { column = 'A', i = ['a'] }", "where.i: is no option here; did you mean `in`?"),
        ("where = [{ column = 'A', in = [] }]", "where[1].in: is empty"),
        ("where = [{ column = 'A', matches = '(' }]", "where[1].matches: is no regular expression"),
        ("where = [{ in = ['a'] }]", "where[1].column: is missing"),
        ("where = ['a']", "where[1]: must be a table"),
        ("sheet = ''", "sheet: is empty"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_key(line: str, told: str) -> None:
    told_lines = mistakes(SITE.replace("[table.fields]", f"{line}\n[table.fields]"))
    assert any(text.startswith("acme.toml:3: table[1].") and told in text for text in told_lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\na = 2", "acme.toml:2: is no TOML: a key or table stands here for the second time"),
        ("[a]\n[a]\n", "acme.toml:2: is no TOML: a key or table stands here for the second time"),
        ("a = 001\n", 'acme.toml:1: is no TOML: text that begins with zeros needs quotes, such as "001"'),
        ('a = "\\d"\n', "acme.toml:1: is no TOML: Unescaped '\\' in a string; a backslash is written twice"),
        ("a = Customer\n", "acme.toml:1: is no TOML: Invalid value; text needs quotes"),
        ("a = 'x", "acme.toml:1: is no TOML: "),
        ("a = " + "[" * 5000, "acme.toml: brackets are nested too deeply"),
        ("\n" + "a." * 60 + "a = 1", "acme.toml:2: a key has more than 50 parts"),
        ("", "acme.toml: table: is missing; [[table]], in double brackets"),
        ("[table]\nrecord = 'site'\n", "acme.toml:1: table: is missing; [[table]], in double brackets"),
        ("table = ['a']", "acme.toml:1: table[1]: must be a table"),
        ("table = []", "acme.toml:1: table: is missing"),
        ("[[table]]\nrecord = 3\nfields = 3", "acme.toml:2: table[1].record: must be text, in quotes"),
        ("[[table]]\nfields = {}", "acme.toml:1: table[1].record: is missing"),
        ("nmae = 'x'\n" + SITE, "acme.toml:1: nmae: is no option here; did you mean `name`?"),
        (SITE + SITE, "acme.toml:7: table[2]: says the same as table[1]; remove one of them"),
        ("[[table]]\nrecord = 'site'\n" * 101, "acme.toml:1: table: has 101 tables; at most 100 can be read"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(text: str, told: str) -> None:
    assert any(line.startswith(told) for line in mistakes(text))


def test_a_field_that_a_record_must_have_may_come_from_another_table_of_merged_records() -> None:
    two = '[[table]]\nrecord = "site"\n[table.fields]\nexternal_site_id = "Site"\ntimezone = "TZ"\n'
    other = '[[table]]\nrecord = "site"\n[table.fields]\nexternal_site_id = "Site"\nname = "Name"\n'
    assert len(mapping(two + other).tables) == 2
    no_id = other.replace('external_site_id = "Site"', 'address1 = "Site"')
    assert mistakes(two + no_id) == ["acme.toml:8: table[2].fields: external_site_id is missing; a site must have it"]


def test_a_table_without_fields_is_one_mistake() -> None:
    told = mistakes('[[table]]\nrecord = "site"\n')
    assert told == ["acme.toml:1: table[1].fields: is missing; [table.fields] says which column becomes which field"]


def test_each_device_table_maps_all_that_a_device_must_have() -> None:
    fields = 'external_site_id = "A"\nexternal_device_id = "B"\ndevice_type = "C"\n'
    text = f'[[table]]\nrecord = "device"\n[table.fields]\n{fields}'
    told = mistakes(text + text.replace('"C"', '"D"') + 'zone_number = "E"\n')
    assert told == ["acme.toml:3: table[1].fields: zone_number is missing; a device must have it"]


def test_messages_show_keys_on_one_line_whatever_they_hold() -> None:
    told = mistakes(SITE + '"a\\nb\\u001b" = "x"\n')
    assert told[0].startswith('acme.toml:7: table[1].fields."a\\nb\\u001b": a site has no such field; it has ')


def test_readers_are_told_what_the_tables_of_a_file_say() -> None:
    text = (
        '[[table]]\nrecord = "site"\nfile = "*.CSV"\nencoding = "cp949"\nheader_row = 3\nkeep = ["Gate PIN"]\n'
        "fill_down = ['Region']\nwhere = { column = 'Status', in = ['a'] }\n"
        f"[table.fields]\n{SITE_ID}"
        '[[table]]\nrecord = "site"\ndelimiter = ";"\nsheet = "Sites*"\n'
        '[table.fields]\nexternal_site_id = { template = "{PIN}-{B}" }\n'
    )
    options, sheets = mapping(text).read_options("in/Acme.csv")
    assert options == ReadOptions(encoding="cp949", delimiter=";")
    named = SheetOptions(sheet="Sites*", keep=("PIN", "B"))
    default = SheetOptions(header_row=3, keep=("Site", "Name", "TZ", "Region", "Status", "Gate PIN"))
    assert sheets == (named, default)
    assert mapping(text).read_options("in\\acme.xlsx") == (ReadOptions(delimiter=";"), (named,))


def test_tables_that_contradict_each_other_about_a_file_are_mistakes() -> None:
    text = (
        f'[[table]]\nrecord = "site"\nencoding = "cp949"\nheader_row = 3\n[table.fields]\n{SITE_ID}'
        f'[[table]]\nrecord = "site"\nfile = "*.csv"\nencoding = "cp1252"\nheader_row = 0\n[table.fields]\n{SITE_ID}'
    )
    assert mapping(text).read_options("a.txt")[0] == ReadOptions(encoding="cp949")
    with pytest.raises(MappingError) as refused:
        mapping(text).read_options("a.csv")
    assert refused.value.mistakes == [
        "acme.toml:12: table[2].encoding: contradicts table[1].encoding; both read the same file",
        "acme.toml:13: table[2].header_row: contradicts table[1].header_row; both read the same file",
    ]


def test_a_mapping_knows_which_fields_an_empty_cell_clears() -> None:
    cleared = mapping(SITE + 'address1 = { column = "A", clear = true }\naddress2 = "B"\n')
    assert cleared.clears("site") == {"address1"}
    assert cleared.clears("device") == frozenset()
