"""The words of the audit record: what an action is called, by whole word or by what it begins with."""

from __future__ import annotations

ACTIONS = {
    "areas.acknowledge": "知悉关注区域提醒",
    "areas.edit": "修改关注区域",
    "areas.end": "删除关注区域",
    "areas.event": "关注区域转事件",
    "areas.make": "设置关注区域",
    "areas.mute": "关注区域静音",
    "areas.pause": "暂停关注区域",
    "areas.resume": "恢复关注区域",
    "snapshots.forget": "清理到期快照",
    "snapshots.let_go": "删除快照",
    "snapshots.make": "保存页面快照",
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
    "password.change": "修改口令",
    "readings.push": "推送读数",
    "readings.import": "导入文件",
    "responses.start": "启动应急响应",
    "responses.raise": "提升应急响应",
    "responses.lower": "降低应急响应",
    "responses.end": "终止应急响应",
    "responses.ask": "报请应急响应",
    "duty.import": "导入值班表",
    "duty.enter": "登记值班",
    "duty.swap": "换班",
    "duty.strike": "撤销值班登记",
    "duty.gap": "值班空当提醒",
    "second_factor.reset": "取消动态验证码",
    "second_factor.set": "启用动态验证码",
    "session.end": "退出登录",
    "session.end_others": "结束其他会话",
    "session.ldap": "目录登录",
    "session.locked": "锁定期内登录",
    "session.oidc": "统一认证登录",
    "session.open": "登录",
    "session.code": "动态验证码",
    "session.role": "切换身份",
    "token.issue": "新建令牌",
    "token.revoke": "收回令牌",
    "user.add": "开户",
    "user.disable": "停用账号",
    "user.enable": "启用账号",
    "user.end_sessions": "结束会话",
    "user.follow_groups": "随用户组调整角色",
    "user.grant": "授予角色",
    "user.invite": "重置口令",
    "user.link": "关联外部身份",
    "user.revoke": "收回角色",
    "user.trial_link": "试用登录链接",
    "user.unlink": "解除外部身份",
    "user.unlock": "解除锁定",
}
AREAS = {
    "access": "越权被拒",
    "areas": "关注区域",
    "audit": "审计",
    "catalogue": "指标目录",
    "entries": "填报",
    "events": "事件办理",
    "duty": "值班",
    "exports": "导出",
    "mode": "平急切换",
    "password": "口令",
    "personal": "个人信息",
    "quarantine": "隔离数据",
    "readings": "读数接入",
    "responses": "应急响应",
    "rules": "预警规则",
    "scenarios": "情景推演",
    "screen": "大屏",
    "second_factor": "动态验证码",
    "session": "会话",
    "sign_in": "登录",
    "snapshots": "页面快照",
    "token": "令牌",
    "user": "账号",
    "warnings": "预警",
}
ROLES = {"operator": "本机操作员", "demo": "演示人员", "system": "系统", "stranger": "未登录"}
"""Who is not a person with a role of the catalogue."""
OBJECTS = {
    "account": "账号", "area": "划定区域", "audit": "审计记录", "catalogue": "指标目录", "digest": "今日要点",
    "duty": "值班", "entry": "填报", "event": "事件", "quarantine": "隔离数据", "response": "应急响应", "rule": "规则",
    "crossing": "区域内情况", "snapshot": "快照", "scenario": "推演方案", "screen": "大屏",
    "source": "数据源", "token": "令牌", "user": "账号", "warning": "预警",
}  # fmt: skip
"""What the first word of an object stands for."""
RESULTS = {"ok": "成功", "refused": "拒绝", "failed": "失败"}


def action_words(action: str) -> str:
    """What the action is called; of one without a name of its own the area it belongs to."""
    area = action.partition(".")[0]
    return ACTIONS.get(action) or AREAS.get(area, area)


def object_words(text: str) -> str:
    """事件 MN-20261113-0007 for `event MN-20261113-0007`; as written where the first word is none of ours."""
    kind, gap, name = text.partition(" ")
    return f"{OBJECTS[kind]}{gap}{name}" if kind in OBJECTS else text
