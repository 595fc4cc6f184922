"""The text of a YAML file: size, encoding, characters, and whether it was written to its end."""

from __future__ import annotations

from dataclasses import dataclass

from yaml.reader import Reader

LARGEST_FILE = 2_000_000
"""Bytes; the shipped catalogue has a sixth of it."""

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the file to a value."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in the text itself, at `line` (from 1), inside `path`."""

    line: int
    path: Path
    message: str


def decoded(content: bytes) -> tuple[str, Fault | None]:
    if len(content) > LARGEST_FILE:
        return "", Fault(1, (), f"文件有 {len(content)} 字节，超过 {LARGEST_FILE} 字节的上限")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Fault(1, (), "文件是 UTF-16 编码，请另存为 UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", Fault(content.count(b"\n", 0, error.start) + 1, (), _encoding_in_words(content, error))
    odd = Reader.NON_PRINTABLE.search(text)
    if odd is not None:
        code = f"U+{ord(odd[0]):04X}"
        return "", Fault(line_at(text, odd.start()), (), f"有不可见字符 {code}，文件可能已损坏，请恢复后重试")
    if text and not text.endswith("\n"):
        return "", Fault(text.count("\n") + 1, (), "文件末尾没有换行，可能没有写完；若内容完整，请在末尾加一个空行")
    return text, None


def _encoding_in_words(content: bytes, error: UnicodeDecodeError) -> str:
    if error.end == len(content) and error.reason.startswith("unexpected end"):
        return "文件在一个汉字中间断开，可能没有写完"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "有不是 UTF-8 编码的内容，文件可能已损坏；请另存为 UTF-8"
    return "文件像是 GBK 编码，请另存为 UTF-8"


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
