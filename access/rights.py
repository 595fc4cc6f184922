"""What one may be allowed to do: every right by its dotted word, with the sentence an administrator reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Right:
    """One thing a role may allow. `acts`: using it changes something, so it leaves a record."""

    words: str
    acts: bool = True


def _seeing(words: str) -> Right:
    return Right(words, acts=False)


RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        "indicators.view": _seeing("查看指标、主题、地图和依据"),
        "sources.view": _seeing("查看数据源、取数记录和目录问题"),
        "entries.write": Right("填报数据"),
        "entries.review": Right("审核他人的填报"),
        "quarantine.release": Right("处理隔离数据"),
        "readings.push": Right("由程序推送数据"),
        "events.view": _seeing("查看事件、台账和闭环情况"),
        "events.report": Right("上报事件"),
        "events.accept": Right("受理、立案"),
        "events.dispatch": Right("派遣、转派"),
        "events.handle": Right("签收、处置、反馈、申请延期"),
        "events.verify": Right("核查处置结果"),
        "events.close": Right("结案、归档"),
        "events.supervise": Right("督办、催办、批示"),
        "events.approve": Right("审批延期、挂账、退单"),
        "warnings.view": _seeing("查看预警"),
        "warnings.acknowledge": Right("确认、处置预警"),
        "rules.edit": Right("修改预警规则和阈值"),
        "personal.reveal": Right("说明理由后查看个人信息"),
        "exports.make": Right("导出数据"),
        "audit.view": _seeing("查看审计记录"),
        "users.manage": Right("新增、停用账号，重置口令，结束会话"),
        "users.grant": Right("授予、收回角色"),
        "roles.view": _seeing("查看角色和权限表"),
        "screens.manage": Right("管理大屏令牌"),
        "tokens.manage": Right("管理接口令牌"),
        "mode.switch": Right("切换平时、战时"),
        "responses.command": Right("启动、调整、终止应急响应"),
        "duty.edit": Right("维护值班表、办理换班"),
        "settings.manage": Right("修改运行设置"),
    }
)

ALL_RIGHTS: frozenset[str] = frozenset(RIGHTS)
ACTING: frozenset[str] = frozenset(key for key, right in RIGHTS.items() if right.acts)
"""Rights whose use leaves a record: apart from `audit.view`, so that nobody keeps the record of himself."""
