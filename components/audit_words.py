"""The words of the audit record: what an action is called, by whole word or by what it begins with."""

from __future__ import annotations

ACTIONS = {
    "audit.export": "导出审计记录",
    "audit.let_go": "清理过期审计记录",
    "catalogue.reload": "指标目录生效",
    "entries.write": "填报",
    "entries.review": "审核填报",
    "exports.make": "导出数据",
    "personal.reveal": "查看个人信息",
    "personal.reseal": "重新加密个人信息",
    "quarantine.release": "隔离放行",
    "quarantine.reject": "隔离退回",
    "readings.push": "推送读数",
    "readings.import": "导入文件",
}
AREAS = {
    "access": "越权被拒",
    "audit": "审计",
    "catalogue": "指标目录",
    "entries": "填报",
    "events": "事件办理",
    "exports": "导出",
    "mode": "平急切换",
    "personal": "个人信息",
    "quarantine": "隔离数据",
    "readings": "读数接入",
    "rules": "预警规则",
    "screen": "大屏",
    "session": "会话",
    "sign_in": "登录",
    "token": "令牌",
    "user": "账号",
    "warnings": "预警",
}
RESULTS = {"ok": "成功", "refused": "拒绝", "failed": "失败"}


def action_words(action: str) -> str:
    """What the action is called; of one without a name of its own the area it belongs to."""
    area = action.partition(".")[0]
    return ACTIONS.get(action) or AREAS.get(area, area)
