"""Words that tell names in a text: family names of two characters, and what follows 市民 and is no name."""

from __future__ import annotations

_COMPOUND = "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 夏侯 端木 百里 呼延 南宫"
_NO_NAMES = """
来电 反映 投诉 电话 手机 姓名 多次 表示 希望 要求 认为 询问 咨询 建议 求助 不详 匿名 保密 先生 女士 小姐 同志 代表
委员会 住户 满意 不满 未知 众多 纷纷 强烈 普遍 无法 均已 服务 热线 中心 广场 公园 身份 联系 地址 代码 大会 诉求
意见 举报 群众 答复 回复
"""
COMPOUND_NAMES = frozenset(_COMPOUND.split())
NO_NAMES = frozenset(_NO_NAMES.split())
