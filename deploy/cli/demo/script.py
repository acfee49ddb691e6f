"""What the cast of the demo says and does, in Chinese and in English. Everybody in it is made up."""

from deploy.cli.language import Tongue

LINES: dict[str, tuple[str, str]] = {
    # before and after
    "opening": (
        "演示：{count} 位客户同时投诉，一分钟只有一秒。",
        "The demo: {count} customers complain at once; a minute takes a second.",
    ),
    "not_trial": (
        "演示需要试用规则（一分钟为一秒）：用 make run POLICY=trial 启动 Redress，或运行 redress demo --own。",
        "The demo needs the trial policy, whose minutes are seconds: start Redress with make run POLICY=trial, or run "
        "redress demo --own.",
    ),
    "own_starting": ("正在启动一套临时的 Redress……", "Starting a Redress for the demo…"),
    "own_failed": ("临时的 Redress 没有启动：\n{output}", "The Redress for the demo did not start:\n{output}"),
    "all_as_expected": (
        "全部如期：{cases} 件投诉，用时 {seconds} 秒。",
        "Everything came out as it should: {cases} complaints in {seconds} seconds.",
    ),
    "differences": ("与预期不符：", "What came out differently:"),
    "look_yourself": ("自己看看：redress show {reference}", "See for yourself: redress show {reference}"),
    "table": ("承诺的结果", "What became of the promises"),
    "promise": ("承诺", "promise"),
    "kept": ("已兑现", "kept"),
    "broken": ("已失约", "broken"),
    "waived": ("已豁免", "waived"),
    "open": ("计时中", "open"),
    "sum": ("合计", "in all"),
    # what the system does by itself
    "promise_kept": ("✓ 承诺兑现：{promise}", "✓ promise kept: {promise}"),
    "promise_broken": ("✗ 承诺失约：{promise}", "✗ promise broken: {promise}"),
    "escalated": ("▲ 升级至{level}：{cause}", "▲ escalated to {level}: {cause}"),
    "acknowledged": ("{level}已签收", "{level} acknowledged it"),
    "stage": ("→ {stage}", "→ {stage}"),
    # the acts
    "files": ("投诉：{detail}", "complains: {detail}"),
    "is_called": ("客服{agent}来电，致歉并了解情况", "is called by {agent}, who apologises and asks"),
    "is_called_late": ("客服{agent}终于来电", "is called by {agent} at last"),
    "task_given": ("客服请{department}协助：{what}", "the agent asks {department}: {what}"),
    "task_opinion": ("{department}反馈：{text}", "{department} gives its opinion: {text}"),
    "task_done": ("{department}完成：{outcome}", "{department} is done: {outcome}"),
    "proposes": ("客服提出方案：{what}", "is offered: {what}"),
    "accepts": ("通过链接接受方案", "accepts, by the link"),
    "refuses": ("通过链接要求修改：{reason}", "asks for another solution, by the link: {reason}"),
    "remedied": ("方案执行完毕，发出确认函", "the remedy is done, the letter goes out"),
    "pleased": ("回访：满意", "called back: satisfied"),
    "pleased_by_link": ("通过链接答复回访：满意", "answers the questions by the link: satisfied"),
    "displeased": ("回访：不满意", "called back: NOT satisfied"),
    "extended": (
        "复杂投诉：提前告知客户，时限延长",
        "a complex case: the customer is told beforehand, the time is extended",
    ),
    "extended_twice": ("再次申请延期：被拒绝", "a second extension is asked for: refused"),
    "nobody_calls": ("无人联系……", "nobody calls…"),
    "nobody_answers": ("{department}没有回音……", "{department} does not answer…"),
    "supervisor_takes": ("主管签收升级", "the supervisor acknowledges the escalation"),
    "director_takes": ("总监签收升级，过问此事", "the director acknowledges and steps in"),
    "withdraws": ("撤诉：{reason}", "withdraws: {reason}"),
    # who
    "agent": ("周宁", "Ning Zhou"),
    "lin": ("林小雨", "Lin Xiaoyu"),
    "ma": ("马千里", "Ma Qianli"),
    "gu": ("顾明月", "Gu Mingyue"),
    "su": ("苏长河", "Su Changhe"),
    "tao": ("陶然", "Tao Ran"),
    "shi": ("石敢当", "Shi Gandang"),
    "bai": ("白露", "Bai Lu"),
    "qiu": ("秋池", "Qiu Chi"),
    "he": ("何所忆", "He Suoyi"),
    "logistics": ("物流部", "logistics"),
    "finance": ("财务部", "finance"),
    # what is complained of
    "lin_detail": ("包裹三天没有更新，客服电话打不通。", "My parcel has not moved for three days and nobody picks up."),
    "ma_detail": ("同一笔会员费扣了两次。", "The same membership fee was charged twice."),
    "gu_detail": ("新买的电水壶第二天就漏水。", "The new kettle leaks since its second day."),
    "su_detail": (
        "家具定制尺寸不符，要重新测量。",
        "The made-to-measure shelf does not fit and has to be measured again.",
    ),
    "tao_detail": ("建议在应用里显示配送员的大致位置。", "Please show in the app roughly where the courier is."),
    "shi_detail": (
        "账户被陌生设备登录，余额正在减少！",
        "A stranger is signed in to my account and the balance shrinks!",
    ),
    "bai_detail": ("门店员工态度冷淡，还催我离开。", "The staff in the shop was cold and hurried me out."),
    "qiu_detail": ("退款迟迟没有到账。", "My refund has not arrived."),
    "he_detail": ("发票抬头好像开错了。", "I think the name on the invoice is wrong."),
    # the rest of it
    "lin_task": ("查找包裹并给出送达时间", "find the parcel and say when it arrives"),
    "lin_text": ("包裹滞留在中转站", "it is stuck at the hub"),
    "lin_outcome": ("已加急，今晚送达", "sent by express, it arrives tonight"),
    "lin_remedy": ("今晚送达并退还运费", "delivery tonight and the postage back"),
    "ma_remedy": ("退回重复扣款并致歉", "the second charge back, with an apology"),
    "gu_remedy": ("维修电水壶", "repair of the kettle"),
    "gu_reason": ("不想修，要换新的", "I do not want a repaired one"),
    "gu_remedy_2": ("换一台新的电水壶", "a new kettle"),
    "su_remedy": ("免费上门复测并重做", "measuring again and a new shelf, free of charge"),
    "su_why": ("需要上门复测", "somebody has to come and measure"),
    "su_message": (
        "为了量准尺寸，我们需要多一些时间，谢谢您的理解。",
        "To get it right we need some more time; thank you.",
    ),
    "shi_remedy": ("冻结登录并追回余额", "the account is locked and the balance restored"),
    "bai_remedy": ("店长致歉", "an apology by the manager"),
    "bai_remedy_2": ("店长当面致歉并培训员工", "an apology in person, and training for the staff"),
    "qiu_task": ("查明退款卡在哪一步", "find out where the refund is stuck"),
    "qiu_outcome": ("退款已重新发起", "the refund was sent again"),
    "qiu_remedy": ("退款今日到账", "the refund arrives today"),
    "he_reason": ("看错了，发票没有问题", "I misread it, the invoice is right"),
    "measure": ("客户确认", "the customer confirms it"),
    "relevance": ("正是客户所投诉的", "it is what was complained of"),
    "return_procedure": ("快递员上门取件，运费由我们承担", "a courier collects it, at our cost"),
    "compensation": ("赠送 20 元券", "a voucher of 20 yuan"),
    "improvement": ("供应商加测密封圈", "the supplier tests the seal"),
}
"""By key: what is said in Chinese and in English. What stands in braces is filled in."""


def line(language: Tongue, key: str, /, **values: object) -> str:
    """A line of the script."""
    zh, en = LINES[key]
    return (zh if language == "zh" else en).format(**values)
