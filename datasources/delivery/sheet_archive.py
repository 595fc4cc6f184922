"""Is this really a plain workbook? What is refused before a single cell is read, and why.

Everything a department's table does not need is turned away: passwords, macros, links to other files, files inside
the file, archives that unpack to many times their size, and files whose name and content disagree.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Literal

from datasources.delivery.sheet import Refused

MOST_PARTS = 2000
_WHAT_IT_IS = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧式 Excel（.xls）"), (b"PK\x03\x04", "压缩包或 XLSX"),
    (b"PK\x05\x06", "空压缩包"), (b"%PDF", "PDF"), (b"{\\rtf", "RTF"),
    (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"),
    (b"\x1f\x8b", "gzip 压缩包"), (b"7z\xbc\xaf", "7z 压缩包"), (b"Rar!", "RAR 压缩包"),
    (b"SQLite format", "数据库文件"), (b"\x7fELF", "程序"), (b"MZ\x90", "程序"),
]  # fmt: skip
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|table|meta)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml")
_FORBIDDEN = [
    (re.compile(r"vbaproject|xl/macrosheets/", re.IGNORECASE), "工作簿含有宏"),
    (re.compile(r"xl/externallinks/", re.IGNORECASE), "工作簿引用了其他文件"),
    (re.compile(r"xl/(embeddings|activex)/|oleobject", re.IGNORECASE), "工作簿内嵌了其他文件或控件"),
    (re.compile(r"\.(zip|xlsx|xlsm|xls|docx?|7z|rar|gz|exe|dll|js|html?)$", re.IGNORECASE), "工作簿里套着其他文件"),
    (re.compile(r"(^|/)\.\.(/|$)|^/|\\"), "压缩包内的路径不合法"),
]
_CURES = {"工作簿引用了其他文件": "请在 Excel“数据—编辑链接”中断开链接后另存再上传。"}
_PLAINLY = "请另存为不含宏、链接和附件的 XLSX 后再上传。"


def kind_of(content: bytes, filename: str) -> Literal["text", "workbook"]:
    """Which reader the file is for; Refused if its name and its content disagree or it is neither CSV nor XLSX."""
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if not content.strip(b"\r\n\t \x00"):
        raise Refused("文件是空的。请检查后重新上传。")
    really = next((name for magic, name in _WHAT_IT_IS if content.startswith(magic)), None)
    if really == "旧式 Excel（.xls）":
        raise Refused(_old_format(content))
    if ending in {"csv", "txt", "tsv"}:
        return _text(content, really)
    if ending != "xlsx":
        raise Refused(f"不支持“.{ending[:8]}”文件。请上传 CSV 或 XLSX（可在 Excel、WPS 中另存为）。")
    if really != "压缩包或 XLSX":
        raise Refused(
            f"文件名是 .xlsx，内容却是{really or _described(content)}。请在 Excel 中打开并另存为 XLSX 工作簿。"
        )
    return "workbook"


def _text(content: bytes, really: str | None) -> Literal["text"]:
    if really:
        raise Refused(f"文件名是 CSV，内容却是{really}。请按真实格式命名或另存为 CSV。")
    if _HTML.match(content) or _XML.match(content):
        raise Refused("文件名是 CSV，内容却是网页（HTML 或 XML）。请用 Excel 打开后另存为 CSV 或 XLSX。")
    return "text"


def _described(content: bytes) -> str:
    return "网页（HTML 或 XML）" if _HTML.match(content) or _XML.match(content) else "文本或其他格式"


def _old_format(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        return "文件设有打开密码，无法读取。请去掉密码（文件—信息—保护工作簿）后再上传。"
    return "这是旧式 Excel（.xls）或 WPS 文件。请在 Excel 或 WPS 中另存为 XLSX 后再上传。"


def open_archive(content: bytes, *, max_inflated: int) -> zipfile.ZipFile:
    """The opened workbook after all checks on its directory; Refused otherwise. No part is unpacked here."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as problem:
        raise Refused("文件已损坏，不是完整的 XLSX。请重新保存后再上传。") from problem
    _check_ends(archive, content)
    _check_parts(archive.infolist(), max_inflated)
    return archive


def _check_ends(archive: zipfile.ZipFile, content: bytes) -> None:
    """One archive from the first byte to the last: nothing hidden before, behind or between directory and end."""
    end = content.rfind(b"PK\x05\x06")
    whole = end >= 0 and len(content) == end + 22 + len(archive.comment)
    first = min((part.header_offset for part in archive.infolist()), default=-1)
    if not whole or first != 0 or len(archive.comment) > 256:
        raise Refused(f"文件的首尾夹带了其他内容，不是正常的 XLSX。{_PLAINLY}")


def _check_parts(parts: list[zipfile.ZipInfo], max_inflated: int) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise Refused(f"工作簿内部有 {len(parts)} 个部件，超过上限 {MOST_PARTS}。请只保留要上报的工作表。")
    if len(set(names)) != len(names):
        raise Refused(f"工作簿内部有重名部件。{_PLAINLY}")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件设有密码，无法读取。请去掉密码后再上传。")
    for name in names:
        for pattern, message in _FORBIDDEN:
            if pattern.search(name):
                raise Refused(f"{message}。{_CURES.get(message, _PLAINLY)}")
    inflated = sum(part.file_size for part in parts)
    if inflated > max_inflated:
        raise Refused(
            f"文件解压后有 {inflated // 2**20} MB，超过上限 {max_inflated // 2**20} MB。请只保留要上报的数据。"
        )
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise Refused("压缩包里没有工作簿，不是 XLSX 文件。请在 Excel 中另存为 XLSX 后再上传。")
