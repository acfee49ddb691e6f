"""What each part of a policy file means, as an editor shows it: Chinese first, then English."""

DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Policy": {
        "base": "沿用哪一份规则：自带规则的名称，或文件的路径 · "
        "the policy that this one is laid over: its name or its path",
        "name": "规则的名称；同名的版本依次生效 · its name; versions of one name come in force one after another",
        "version": "版本号；内容一变就要变 · its version; other content needs another one",
        "effective_from": "何时起用于新投诉，须带时区；不写则自发布之时起 · "
        "from when new cases are kept under it, with its "
        "time zone; from its publication if left out",
        "minute_seconds": "一分钟有多少秒；试用时可缩短 · how many seconds a minute takes; shorter for a trial",
        "timezone": "日历和日期的时区，如 Asia/Shanghai · the time zone of calendars and dates",
        "staff_language": "内部通知的语言 · the language of what colleagues are sent",
        "categories": "投诉类型；须有 other · what complaints are about; `other` must be there",
        "tiers": "客户等级 · groups of customers",
        "calendars": "日历；always（全天开放）不必写 · calendars; `always` is there already",
        "specificity": "同样具体的规则，含有排在前面的条件者优先 · "
        "among equally specific rules, the one counts that names what "
        "stands first here",
        "promises": "每一种承诺的时限 · the terms of each kind of promise",
        "holds": "可挂起的原因 · why clocks may stand still",
        "extension_by": "谁可以批准延期 · who may grant an extension",
        "callback_attempts": "回访联系不上几次后豁免 · unreached callbacks after which it is waived",
        "silence": "客户对方案没有答复时怎么办；不写则不处理 · "
        "what follows when a customer does not answer a solution; "
        "nothing if left out",
        "reopening_minutes": "结案后多久内可重新打开（分钟）· minutes within which a case may be reopened",
        "delivery": "消息的投递 · how messages are delivered",
        "desk": "客服台，没有经办人时署名 · the desk that signs where no agent has taken the case",
        "departments": "可派任务的部门 · departments that can be given tasks",
        "product_department": "建议转交的部门 · the department that suggestions go to",
        "people": "升级链上的人员 · the people of the chain",
        "teams": "小组 · teams",
        "chain": "升级链：1 组长、2 值班经理、3 总监 · the chain: 1 team lead, 2 duty manager, 3 director",
        "triage": "自动分级的规则 · the rules by which level and category are found",
        "survey": "回访的开放式问题 · the open questions of the callback",
    },
    "Bilingual": {"zh": "中文 · in Chinese", "en": "英文 · in English"},
    "Tier": {"name": "名称 · its name", "note": "说明 · a remark"},
    "Calendar": {
        "timezone": "时区；不写则用整份规则的 · its time zone; the policy's if left out",
        "hours": '每个星期几的时段，如 mon: ["09:00-12:00", "13:00-18:00"]；没写的日子休息 · '
        "the hours of each weekday; one that is left out is a day off",
        "holidays": "公众假期和调休 · public holidays and make-up days",
        "closed": "公司自己的假日 · the company's own days off",
        "open": "公司自己的工作日 · the company's own working days",
        "exceptions": "某一天的时段；空列表为休息 · the hours of one date; none closes it",
    },
    "PublicHolidays": {
        "country": "国家代码，如 CN · the country's code",
        "subdivision": "省、州的代码 · the code of a part of it",
        "years": "某年的安排，代替节假日库所说 · a year as it is kept, in place of what the library says",
    },
    "HolidayYear": {
        "closed": "放假的日子 · days off",
        "open": "调休上班的日子 · days worked to make up for them",
    },
    "PromiseTerms": {
        "minutes": "时限，按其日历计（分钟）· its time in minutes of its calendar",
        "by_category": "某类投诉的时限 · the minutes for a category",
        "complex_minutes": "复杂投诉的时限，只用于 resolution · for a complex case; of the resolution only",
        "revision_minutes": "每轮修改的时限，只用于 resolution · for a revision; of the resolution only",
        "warn_at": "用去多少时限时提醒，由小到大 · at which fractions of its time it warns, ascending",
        "calendar": "按哪个日历计时；任务按其部门的日历，不写 · "
        "the calendar that it is counted on; not for tasks, which run on their department's",
        "ladder": "到期前后逐级通知，由早到晚 · whom to tell before and after it is due, from early to late",
        "rules": "某些投诉另有规定 · other terms for some cases",
    },
    "TermsRule": {
        "id": "规则的名称，记入投诉 · its name, which the case records",
        "when": "条件，须全部满足 · its conditions, all of which must hold",
        "minutes": "时限（分钟）· its minutes",
        "complex_minutes": "复杂投诉的时限 · for a complex case",
        "revision_minutes": "每轮修改的时限 · for a revision",
        "warn_at": "用去多少时限时提醒 · at which fractions it warns",
        "calendar": "按哪个日历计时 · its calendar",
        "ladder": "到期前后逐级通知 · its ladder",
    },
    "When": {
        "level": "级别：1 紧急、2 一般、3 建议 · 1 urgent, 2 general, 3 suggestion",
        "category": "投诉类型 · the category",
        "tier": "客户等级 · the customer's tier",
        "channel": "渠道 · the channel",
        "region": "地区，不分大小写 · the customer's region, in capitals or not",
        "product": "产品，不分大小写 · the product, in capitals or not",
    },
    "Rung": {
        "level": "通知哪一级；0 为部门主管，只用于任务 · whom to tell; 0 is a task's supervisor",
        "before_minutes": "到期前多少分钟 · minutes before it is due",
        "after_minutes": "到期后多少分钟 · minutes after it is due",
    },
    "HoldTerms": {
        "promises": "可挂起哪些承诺 · which promises it may hold",
        "longest_minutes": "最长多少分钟 · for how many minutes at the most",
    },
    "Silence": {
        "follow_up_minutes": "方案送达多少分钟后跟进 · minutes after the solution arrived when they are asked again",
        "last_notice_minutes": "多少分钟后最后通知 · when they are told that silence will count as acceptance",
        "accept_minutes": "多少分钟后视为接受 · when it does",
        "calendar": "按哪个日历计 · the calendar that this is counted on",
    },
    "DeliveryTerms": {
        "patience_minutes": "一个渠道尝试多久再换下一个 · how long one channel is tried before the next",
        "grace_minutes": "系统自动进度反馈可迟多久 · how late the system's own progress update may arrive",
    },
    "Colleague": {"name": "姓名 · the name", "email": "邮箱 · e-mail", "phone": "电话 · phone"},
    "Person": {
        "name": "姓名 · the name",
        "email": "邮箱 · e-mail",
        "phone": "电话 · phone",
        "absent": "不在的日子，如 2026-10-01/2026-10-07 · days on which they are passed over",
        "quiet_outside": "此日历之外不打扰（红色预警和二级以上除外）· outside this calendar they are left in peace",
        "digest_minutes": "能等的消息合并多久发一次 · what can wait is collected for so many minutes",
    },
    "Team": {
        "name": "名称 · its name",
        "members": "成员 · its members, by their names under people",
        "email": "小组的邮箱 · its own address",
        "quiet_outside": "此日历之外不打扰 · the calendar outside which it is left in peace",
        "digest_minutes": "能等的消息合并多久发一次 · what can wait is collected for so many minutes",
    },
    "Shift": {
        "calendar": "何时值班 · when they are on call",
        "people": "依次询问的人 · who is asked, in this order",
    },
    "ChainStep": {
        "title": "称谓 · the title",
        "person": "一个人，总在 · one colleague who is always there",
        "people": "依次询问：负责人，然后代理人 · asked in turn: the one in charge, then the deputies",
        "on_call": "值班的人，先于其他人 · who is on call, before all others",
        "ack_minutes": "须在多少分钟内签收 · minutes within which to acknowledge",
    },
    "Department": {
        "name": "名称 · its name",
        "email": "邮箱 · its address",
        "supervisor": "主管，任务逾期时通知 · who hears first of its late tasks",
        "calendar": "任务计时的日历 · the calendar that its tasks run on",
    },
    "TriageRules": {
        "window_days": "多少天内的投诉算在一起 · the days over which complaints are counted",
        "rules": "规则，依次读取 · the rules, in their order",
    },
    "TriageRule": {
        "id": "规则的名称 · its name",
        "when": "条件，须全部满足 · its conditions, all of which must hold",
        "level": "给出的级别 · the level that it gives",
        "category": "给出的投诉类型 · the category that it gives",
        "reason": "记录的原因 · what people are told of why",
    },
    "TriageWhen": {
        "words": "出现其中任一词 · one of these words occurs",
        "apart_from": "这些较长的词里不算 · longer words in which they do not count",
        "tier": "客户等级 · the customer's tier",
        "earlier": "同一客户此前的投诉数 · earlier complaints of the same customer",
        "others": "其他客户就同一事的投诉数 · complaints of other customers on the same matter",
    },
}
"""By type and field."""
