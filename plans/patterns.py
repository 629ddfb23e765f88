"""The patterns of the grammar: what marks a place, an aside, an object, a construction."""

from __future__ import annotations

import re

TRANSPARENT = set("“”‘’")
LOCATIVE = re.compile(
    r"(?:布局在|布局于|集聚于|集聚在|集中在|集中于|主要在|重点在|落户于|落户|落地于|落地到|落地|在|于)$"
)
TOWARDS = re.compile(r"(?:向|往|到|至|入驻|进入|搬迁至|转移至|迁入|进驻)$")
BASIS = re.compile(r"(?:依托|以|借助|立足|用好|发挥|利用|把)$")
RESTING = re.compile("(?:依托|以)$")
AWAY = re.compile(
    r"(?:从|由|承接|来自|面向|辐射|服务|融入|接轨|对标|瞄准|借鉴|毗邻|紧邻|邻近|对接|连接|学习|支援|出口|区别于|不同于|相当于|"
    r"牵头单位：|责任单位：|配合单位：)$"
)
WITH = re.compile(r"(?:与|同|和|跟|对)$")
MAIN = re.compile(
    r"以(?P<core>[^，。；]{1,60}?)(?:为|作为)(?P<role>主攻方向|主导方向|主要产品|主营方向|重点领域|重点产品|主攻产业|拳头产品|主导产品|主打产品|主线|主题|特色产品|主导产业|重点方向|重点产业|支柱产业|发展重点|发展方向|主要方向|重点|主导|主体|主业|特色|方向|核心|龙头|主)"
    r"(?!的|产品|领域|企业|项目|区域|环节|地区|任务|工程)"
)
PREPOSITION = re.compile(
    r"(?:围绕|依托|利用|聚焦|面向|结合|通过|按照|发挥|立足|针对|抓住|借助|瞄准|紧扣|顺应|把握|凭借|以|在|对|把|将|由|为|向)"
)
FRAME = re.compile(r"(?:可以|可|应|要|将|则|也|并|还|继续)?" + PREPOSITION.pattern)
PAST = re.compile(
    r"(?<=[一-鿿]{2})(?<![为除罢])了(?![解望])|(?:培育|走|闯|建设|形成)出(?!口)|已(?:经|全|实|累|基|形成|建成|有|成为|达|拥有|集聚|初步)|目前|截至|现有|初步形成|取得|近年来|“十[一二三]五”(?:期间|以来|时期)|20\d\d年，?(?:全[省市]|实现)"
)
SITE = re.compile(r"(?:基地|示范区|集聚区|聚集区|产业园|产业园区|产业城|园区|示范园|项目)[”]?$")
THEME = re.compile(
    r"围绕(?P<core>[^，。；]{2,60}?)(?:等)?(?:领域|产业|方面)?(?:发挥[^，。；]*)?(?P<verb>(?:开展|推进|深化|加强)[^，。；]{0,8}(?:协作|合作|招商|攻关|对接)|补链强链|延链补链|补链|延链|强链|建链)"
)
NO_OBJECT = re.compile(r"带动|开展|举办|组织|力争|实现|[与同跟]")
INDUSTRIAL = re.compile(
    r"(?:产业链?|集群|材料|产业化|量产|规模化生产|环节|制造|研发|加工|回收|综合利用)$"
)
EXPLORED = re.compile(r"(?:量产|产业化|应用|制造|生产|项目|示范)$")
QUOTED = re.compile(r"“[^“”，。]{2,24}”")
ASIDE = re.compile(
    r"在(?=[^，。；]{2,30}(?:前提下|基础上|条件下))[^，。；]{2,30}?(?:前提下|基础上|条件下)"
    r"|(?:结合|配合|根据|按照)[^，。；]{2,24}(?:建设|实际|要求|部署)(?=[，。；]|$)"
    r"|(?:联合|会同|携手)[^，。；]{2,20}?等?(?:机构|院所|高校|企业|单位)(?=开展|建设|共建|组建|推进|加强|实施|攻关)"
    r"|以[^，。；]{2,40}?为(?:主要)?目标|(?:到|在)?20\d\d年(?:[^，。；、]{0,6}前|底|末)?|力争|确保"
)
"""Words beside the sentence: on which condition, by when."""
ASIDE_INITIALS = frozenset("在以结配根按联会携到2力确")
"""What an aside begins with."""
ATTACHED = re.compile("配套(?:产业|项目|材料|零部件|装备|设备|件)")
"""Where 配套 is part of a noun."""
TECHNIQUE = re.compile(
    r"(?:提纯|制备|合成|加工|生产|关键|核心|共性|制造|成型|成形|规模化|低成本|先进)*(?:技术|工艺|装备)(?:研究|研发|攻关)?$"
)
NEW_RULE = re.compile(
    r"(?:新建|新上|新增|拟建|在建|已建成?)[^，。；]{0,16}项目(?:原则上|一律|应|须|必须|都要|全部|要|进入)"
)
"""What holds for any new project is no assignment."""
STAGE_WORD = re.compile("上游|中游|下游|前端|后端|上中游|中下游")
TURN = re.compile(
    r"(?P<old>[^，。；]{2,24}?)(?:[由从][^，。；向]{1,12})?向(?P<new>[^，。；]{2,24}?)"
    r"(?P<verb>延伸|拓展|升级|转型|转变|迈进|提升|攀升|发展)$"
)
"""X由A向B转变: what an industry turns into."""
SITING = re.compile("布局|形成|规划|培育|引进|引育|招引|推进")
HEADING_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.．、]?)"
)
REGION = re.compile(r"(?P<name>[一-鿿]{0,10}?)(?:由|包括|涵盖|覆盖|以)")
FOUNDING = re.compile("打造|建设|共建|创建|组建")
MOVED = re.compile(r"(?:至|到|向|往|进入)")
PROVINCE_SIGNS = set("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川渝蜀黔贵滇云藏陕秦甘陇青宁新")
JOINT_ZONE = re.compile(
    r"[一-鿿—·]{2,16}(?:产业带|走廊|发展区|经济区|合作区|协作区|示范区|试验区|集聚区|产业园|园区|示范园|协作园|合作园)"
)
"""A zone that places found together."""
FOCUS = re.compile("(?:重点|主要|集中)?(?:聚焦|瞄准|定位于|主营)(?:发展)?")
FORMING = re.compile(r"(?:构建|形成|打造|建设|发展|布局)+(?:起|成)?$")
PROJECT = re.compile(r"(?:项目|工程|基地|生产线|园|[一二三四]期)[”建设等]*$")
PROJECT_NAME = re.compile(r"项目[”]?$")
BRACKETS = re.compile(r"（[^（）]*）")
FIRMS = re.compile(r"(?:企业|大集团|集群|基地)$")
NAMED_FIRMS = re.compile("等(?:龙头|骨干|重点|链主|领军|大型|优势)*企业")
"""What stands before is names of enterprises."""
FILLER = re.compile(r"(?:、|项目|工作|步伐|进程|力度|等)*")
TRAILING = re.compile(
    r"(?:布局在|落户|在|于|向|往|到|至|进入)(?:[一-鿿]{0,2}园区|城[区市]外|主城区外)?$|的同时$"
)
OPENING = re.compile("[在将把以的]|对(?![二位苯叔氨硝羟甲乙])")
"""What may stand before an object."""
OPENING_BASIS = re.compile(
    r"(?:充分)?(?:依托|发挥|立足|借助)"
    r"|以.+为(?:载体|依托|基础|核心区域?|重点区域|龙头|中心|引领|平台|支撑)"
)
LISTED = 20
"""Characters up to which one name alone goes on with a list."""
LISTING = re.compile(r"、|等|及|和")
NO_LIST = re.compile(
    r"(?:依托|以|通过|围绕|利用|实现|满足|提高|完善|加强|推|促|优|扩大|带动|使|并|年|到|力争|确保|其中|从而|不断|形成|具有|达)"
)
AUXILIARIES = {
    "前者",
    "后者",
    "上游",
    "中游",
    "下游",
    "全市",
    "全省",
    "全区",
    "全县",
    "要",
    "将",
    "应",
    "可",
    "已",
    "则",
    "也",
    "并",
}
CLOSING_NOUN = re.compile(r"$|项目|工作|步伐|发展|产业|示范|工程")
WORKS = re.compile(r"(?P<works>利用|加工|制造|生产|回收|处置|交易)(?:中心|平台)")
NOUNS = {"研发", "生产", "开发", "攻关", "研究开发", "合作", "协作", "应用"}
"""Verbs that inside a noun phrase are nouns: 前端研发重点布局…."""
CENTRE = re.compile(
    r"(?:研发|研究|中试|技术|创新|应用|设计|检测|工程)+(?:应用|设计|服务)?(?:创新)?(?:中心|平台|研究院|院|实验室|总部)"
)
STAGES = (
    ("上游", "upstream"),
    ("中游", "midstream"),
    ("下游", "downstream"),
    ("前端研发", "research"),
)
