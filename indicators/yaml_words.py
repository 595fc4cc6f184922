"""What the YAML parser complains about, in words for people who edit a text file."""

from __future__ import annotations

_BY_PROBLEM = [
    ("cannot start any token", "这里有 YAML 不接受的字符；若是制表符，请改为空格"),
    ("tab character", "缩进用了制表符，请改为空格"),
    ("mapping values are not allowed", "冒号位置不对：内容里含有“: ”时请给整段加引号，否则检查缩进"),
    ("could not find expected ':'", "缺少冒号，或者内容换行后没有缩进"),
    ("did not find expected key", "缩进与上下不一致，或者引号之后还有内容"),
    ("did not find expected '-'", "缩进与上面的列表不一致；列表每项以“- ”开头"),
    ("block sequence entries are not allowed", "“- ”不能写在这里，请另起一行并缩进"),
    ("block collections must not", "缩进不对"),
    ("unexpected end of stream", "引号没有闭合，或者文件没有写完"),
    ("did not find expected ',' or ']'", "方括号没有闭合，或者缺少逗号"),
    ("did not find expected ',' or '}'", "花括号没有闭合，或者缺少逗号"),
    ("unknown escape character", "引号中的反斜杠写法不对；请用 \\\\ 或改用单引号"),
    ("undefined tag handle", "不接受类型标签，请删去"),
    ("expected whitespace or line break", "这里少一个空格"),
    ("undefined alias", "别名没有对应的锚点"),
    ("did not find URI", "不接受类型标签，请删去"),
    ("expected alphabetic or numeric", "“*”“&”开头的内容请加引号"),
    ("did not find expected <document start>", "缩进不对，或者开头有多余的内容"),
    ("did not find expected node content", "这里缺少内容，或者有多余的标点"),
]


def syntax_in_words(problem: str, context: str) -> str:
    """A sentence in Chinese for a parser's `problem`; the parser's own words if it is a rare one."""
    for part, words in _BY_PROBLEM:
        if part in problem:
            return f"YAML 格式有误：{words}"
    return f"YAML 格式有误：{problem}{'（' + context + '）' if context else ''}"
