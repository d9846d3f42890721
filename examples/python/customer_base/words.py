"""What the demo says, in English and Chinese, and which segments each action concerns."""

from __future__ import annotations

LANGUAGES = ("en", "zh")

# Five actions; every segment belongs to exactly one.
ACTIONS = {
    "keep": ("Champions", "Loyal"),
    "win_back": ("Cannot Lose Them", "At Risk"),
    "next_order": ("Potential Loyalist", "Promising", "New / Recent"),
    "remind": ("Need Attention", "About To Sleep"),
    "save": ("Hibernating", "Lost"),
}

# Title, and what to do.
ACTION_WORDS = {
    "keep": {
        "en": ("Keep the best", "Thank them in person, show them new things first, ask them to recommend you. No discount."),
        "zh": ("留住最好的客户", "当面致谢，新品优先，请他们推荐。不必打折。"),
    },
    "win_back": {
        "en": ("Win back the valuable", "They spent well and went quiet. Call or write to each one, with a reason to return now."),
        "zh": ("赢回高价值客户", "曾经花得多，如今沉默。逐一致电或写信，给出现在回来的理由。"),
    },
    "next_order": {
        "en": ("Bring the next order", "They bought lately. Welcome them, and recommend what goes with their purchase."),
        "zh": ("促成下一单", "近期刚买过。表示欢迎，推荐与所购商品搭配的产品。"),
    },
    "remind": {
        "en": ("Stop the slide", "The habit is loosening. One limited offer, built on what they bought before."),
        "zh": ("止住下滑", "购买习惯正在松动。按以往所购给一次限时优惠。"),
    },
    "save": {
        "en": ("Save the budget", "Long gone, and few small orders. One cheap reminder, then no paid advertising."),
        "zh": ("节省预算", "久未购买，次数少、金额低。低成本提醒一次，之后不再投放付费广告。"),
    },
}

CLASS_ADVICE = {
    "A": (
        "The first 80 % of revenue. Personal service, first choice of stock and dates, a named contact.",
        "贡献前 80 % 的收入：专人服务，优先供货与排期。",
    ),
    "B": (
        "The next 15 %. Grow them: larger baskets, membership, bundles.",
        "随后的 15 %：培育升级，推荐组合、会员与更大订单。",
    ),
    "C": (
        "The last 5 %. Serve them well and automatically; self-service, no costly campaigns.",
        "最后的 5 %：自动化服务、自助渠道，不做高成本活动。",
    ),
}

PROSPECT = {
    "name": "prospect",
    "label_zh": "潜在客户",
    "advice": "Known, but never paid for an order: invite them to a first one.",
    "advice_zh": "已登记但从未付费下单：邀请首次购买。",
}

WORDS = {
    "title": ("The customer base", "客户全景"),
    "switch": ("中文", "English"),
    "print": ("Print", "打印"),
    "customers": ("customers", "客户"),
    "orders": ("orders", "订单"),
    "revenue": ("revenue", "收入"),
    "segment": ("segment", "细分"),
    "class": ("class", "等级"),
    "what_to_do": ("what to do", "建议做法"),
    "share_customers": ("share of customers", "客户占比"),
    "share_revenue": ("share of revenue", "收入占比"),
    "bought_once": ("of buyers bought only once", "的购买者只买过一次"),
    "who_brings": ("Who brings the revenue", "收入来自谁"),
    "five_actions": ("Five things to do", "五项行动"),
    "spent_most": ("Spent most: ", "消费最高："),
    "all_in": (". All: ", "。全部名单："),
    "nobody": ("Nobody at present.", "目前没有人。"),
    "lists_text": (
        "Each list of customers is a file in the folder beside this page.",
        "每份客户名单是本页旁边文件夹中的一个文件。",
    ),
    "heat_title": ("How recently, how often", "多久之前买，多常买"),
    "heat_text": (
        "Each field is a group of buyers; the number is their count, the colour their share of revenue.",
        "每格是一组购买者：数字为人数，颜色为其收入占比。",
    ),
    "recency_axis": ("days since the last order (recency score)", "距上次购买天数（R 分）"),
    "frequency_axis": ("days with an order (frequency score)", "有订单的天数（F 分）"),
    "none": ("none", "无"),
    "pareto_title": ("How few bring how much", "少数客户带来多少"),
    "pareto_text": (
        "Customers from the highest revenue to the lowest; A ends at 80 % of revenue, B at 95 %.",
        "客户按收入从高到低排列；A 止于收入的 80 %，B 止于 95 %。",
    ),
    "cumulative_customers": ("share of customers", "客户累计占比"),
    "cumulative_revenue": ("share of revenue", "收入累计占比"),
    "relative": (
        "Segments compare customers with each other: who is \"recent\" bought later than most others here, however long ago.",
        "细分是客户之间的相互比较：“近期”指比这里多数客户买得更晚，无论距今多久。",
    ),
    "by_segment": ("Every segment", "全部细分"),
    "by_class": ("A, B and C by revenue", "按收入分 A、B、C"),
    "flow_title": ("On their way", "客户的流动"),
    "flow_text": (
        "A column is all customers on the first day of a month, bands are those who went from one stage to another; "
        "the numbers are percent.",
        "每列为当月首日的全部客户，色带是从一个阶段走向另一个阶段的客户；数字为百分比。",
    ),
    "no_more": ("no more:", "不再满足："),
    "most_moved": ("most went", "最多的变化"),
    "customer": ("Customer", "客户"),
    "ahead_title": ("Who changes next", "接下来谁会变化"),
    "to": ("to", "至"),
    "simulated": ("SIMULATED ORDERS", "模拟订单"),
}


def word(key: str, language: str) -> str:
    """A word in a language, ``"en"`` or ``"zh"``."""
    return WORDS[key][LANGUAGES.index(language)]


def action_word(key: str, language: str) -> tuple[str, str]:
    """Title and advice of an action."""
    return ACTION_WORDS[key][language]


def counted(number: int, thing: str) -> str:
    """``1 customer``, ``2,000 customers``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def percent(part: float, digits: int = 1) -> str:
    """A share of one as text; something that is not nothing is never shown as 0."""
    if 0 < part < 0.5 * 10 ** -(digits + 2):
        return f"<{10**-digits:.{digits}f} %"
    return f"{100 * part:.{digits}f} %"


def money(minor: int, currency: str, scale: int, cents: bool = False) -> str:
    """Money with its sign or code, in whole major units unless `cents`."""
    number = f"{abs(minor) / 10**scale:,.{scale if cents else 0}f}"
    sign = "-" if minor < 0 else ""
    symbol = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}.get(currency)
    if symbol:
        return f"{sign}{symbol}{number}"
    return f"{sign}{number} {currency}".rstrip()
