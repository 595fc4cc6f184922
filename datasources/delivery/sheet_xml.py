"""The XML parts of a workbook, read as a stream; document types, and with them entities, are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from datasources.delivery.sheet import Refused

_CHUNK = 65_536
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def local(name: str) -> str:
    """The name without its namespace prefix: `x:row` is `row`."""
    return name.rpartition(":")[2]


def chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The unpacked bytes of a part, in pieces; Refused if the part is missing or damaged."""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except KeyError as problem:
        raise Refused(f"工作簿缺少部件 {part[:60]}，文件不完整。请重新保存后再上传。") from problem
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as problem:
        raise Refused("文件已损坏，无法解压。请重新保存后再上传。") from problem


def parser(start: Start, end: End | None = None, text: Callable[[str], None] | None = None) -> expat.XMLParserType:
    """An XML parser that hands on elements and refuses document types, and with them every entity."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = start
    if end is not None:
        made.EndElementHandler = end
    if text is not None:
        made.CharacterDataHandler = text
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def parse_part(archive: zipfile.ZipFile, part: str, reader: expat.XMLParserType) -> None:
    """Run the whole part through `reader`."""
    for piece in chunks(archive, part):
        fed(reader, piece)
    fed(reader, b"", last=True)


def fed(reader: expat.XMLParserType, piece: bytes, *, last: bool = False) -> None:
    """Hand `piece` to the parser; Refused for XML that is not well formed."""
    try:
        reader.Parse(piece, last)
    except expat.ExpatError as problem:
        raise Refused("工作簿内容不是合法的 XML，文件已损坏。请重新保存后再上传。") from problem


def _refuse_doctype(*_: object) -> None:
    raise Refused("工作簿里有实体定义（DOCTYPE），不是正常的 Excel 文件，已拒收。")
