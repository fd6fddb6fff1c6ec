"""When a character lives, and which things came into the world too late for it to know them."""

import re
from functools import lru_cache

from harness.checks.reading import read
from harness.core.persona import Persona

# The last year of each period, so that nobody is blamed for what came late in it. The first match in the card counts.
PERIODS: tuple[tuple[str, int], ...] = (
    (r"贞观", 649),
    (r"开元|天宝", 756),
    (r"大中年|大中[一二三四五六七八九十]|元和|长庆|会昌", 860),
    (r"宣和|靖康|元丰|元祐|庆历|熙宁", 1127),
    (r"绍兴(?!籍|人|府|师爷)|淳熙|嘉定年|景定|咸淳", 1279),
    (r"至正|至元", 1368),
    (r"洪武|永乐|宣德", 1435),
    (r"正统年|景泰|成化|弘治|正德", 1521),
    (r"嘉靖|隆庆", 1572),
    (r"万历|天启|崇祯|永历|明郑", 1662),
    (r"顺治|康熙|雍正", 1735),
    (r"乾隆|嘉庆", 1820),
    (r"道光", 1850),
    (r"咸丰|同治", 1875),
    (r"光绪|宣统", 1911),
    (r"商朝|商代|殷商|甲骨|贞人|上古|炎帝|黄帝|周朝|西周", 300),
    (r"先秦|春秋|战国|秦朝|秦代|\bbronze age\b|\biron age\b|\bancient (?:greece|egypt|rome)\b", 400),
    (r"汉朝|汉代|[东西]汉|三国|魏晋|南北朝", 600),
    (r"隋|唐朝|唐代|[初盛中晚]唐|大唐|唐[^,。]{0,4}年间|\bviking", 1000),
    (r"[南北]宋|宋朝|宋代|大宋", 1279),
    (r"元朝|元代", 1368),
    (r"明朝|明代|大明|明代中叶", 1644),
    (r"清朝|清代|大清|[康雍乾]\w{0,3}年间", 1850),
    (r"\b(?:legionary|centurion|roman (?:army|legion|empire|britain)|pharaoh)\b", 400),
    (r"\b(?:no (?:machines?|engines?|gunpowder|electricity)|swords and no|hedge-?magic|castles)\b", 1400),
    (r"古代|古时|架空\w{0,4}(?:王?朝|武林|江湖|国)|修真|武侠|仙侠|\bmedieval\b|\bmiddle ages\b|\brenaissance\b", 1600),
    (r"\bregency\b|\bgeorgian\b", 1830),
    (r"\bvictorian\b|晚清", 1901),
    (r"民国", 1949),
)
# Invented worlds keep their own calendar and larder, so that only the boldest words tell there.
_INVENTED = re.compile(
    r"\b(?:fantasy|kingdom of|magic|elf|elves|dwarf|wizard|dragon|planet|star(?:ship|date)|colony|space|robot"
    r"|machine|future"
    r"|time travel\w*)\b|架空|修真|仙侠|魔法|异世界|穿越|星历|飞船|未来|机器|妖|魔"
)
_YEAR = re.compile(
    r"(?:\b(?:in|of|up to|nothing after|since|around|about|circa|until|year|late|early|spring|summer|autumn|winter)"
    r"\s+(?:the\s+year\s+)?(?:ad\s+)?|[(,]\s*)(\d{4})s?\b"
    r"|\b(?:year|circa|ad)\s+(\d{3})\b|(?<![历元纪曆\d生于])(\d{3,4})年(?!\d|出?生)"
)
# Whoever studies a time does not live in it, and a traveller in time has seen others.
_STUDIES = re.compile(
    r"\b(?:professor|histor\w+|archaeolog\w+|museum|antiqu\w+|curator|collects?|terrace|modern|time travel\w*)\b"
    r"|研究|教授|考古|历史|专攻|博物馆|收藏|现代|穿越|扮演"
)
EARLIEST, LATEST = 300, 2100

# The first year in which somebody may know the thing, and words for it. Words with an older meaning are left out.
LARDER: tuple[tuple[int, str], ...] = (
    (1570, r"\b(?:potato(?:es)?|tomato(?:es)?|tobacco|chilli peppers?|maize)\b"),
    (1570, r"土豆|马铃薯|番茄|西红柿|辣椒|玉米|红薯|花生|烟草"),
    (1650, r"\b(?:coffee|tea ?bags?|chocolate)\b|咖啡|巧克力"),
)
"""What an invented world may have grown by itself."""
THINGS: tuple[tuple[int, str], ...] = (
    (950, r"\b(?:gunpowder|muskets?|cannons?)\b|火药|火枪|大炮"),
    (1610, r"\b(?:telescopes?|microscopes?)\b|望远镜|显微镜"),
    (1830, r"\b(?:lucifer matches|safety match(?:es)?|box of matches|struck a match|strike a match)\b|洋火|火柴"),
    (1863, r"\b(?:subway|the underground train)\b|地铁|电车"),
    (1890, r"\b(?:fingerprints?|aluminium|aluminum)\b|指纹|铝粉|铝"),
    (1920, r"\b(?:the wireless|freezers?|batteries|flashlights?|dishwashers?)\b|电池|手电筒?|双休"),
    (
        2005,
        r"\b(?:streaming|podcasts?|swiped? (?:right|left)|on my phone|text(?:ed|ing)? (?:me|her|him)|blogs?|wi-?fi)\b",
    ),
    (2005, r"弹幕|主播|点个?关注|微博|网红|短信|高铁|刷屏"),
    (1800, r"\b(?:vaccin\w+|railways?|railroads?|locomotives?|steamships?)\b|火车|铁路|疫苗|轮船"),
    (1840, r"\b(?:photographs?|photos?|cameras?|telegraph\w*|telegrams?)\b|照片|照相|拍照|电报|相机"),
    (1880, r"\b(?:telephones?|phone (?:call|number)s?|electric(?:ity|al)?|light ?bulbs?|elevators?)\b"),
    (1880, r"电话|电灯|插上?电|充电|电梯|电力|电线"),
    (1895, r"\bphones?\b"),
    (1896, r"\bx-?ray(?:s|ed)?\b|\b(?:cinema|movies?|automobiles?|motor-?cars?)\b|x光|汽车|电影"),
    (1910, r"\b(?:radios?|air ?planes?|aeroplanes?|aircraft)\b|收音机|飞机|广播|塑料"),
    (1925, r"\b(?:refrigerators?|fridges?|air.condition\w+|vitamins?|insulin)\b|冰箱|空调|维生素|胰岛素"),
    (1941, r"\b(?:penicillin|antibiotics?|television|tv|radar|nylon)\b|青霉素|盘尼西林|抗生素|电视|雷达"),
    (1950, r"\b(?:radiocarbon|carbon.dating|nuclear|atomic bombs?|helicopters?|microwaves?)\b"),
    (1950, r"核武|原子弹|直升机|微波炉|碳十四"),
    (1957, r"\b(?:dna|satellites?|credit cards?|lasers?|videos?)\b|人造卫星|信用卡|激光|录像|基因"),
    (1975, r"\b(?:(?:my|the|a|your) (?:computer|laptop)|computers|laptops)\b|电脑|计算机|监控|摄像头|复印机"),
    (1990, r"\b(?:gps|cell ?phones?|mobile phones?|e-?mails?|internet|websites?|wi-?fi|online|software)\b"),
    (1990, r"手机|互联网|上网|网上|网络|邮箱|邮件|搜索引擎|软件"),
    (2008, r"\b(?:smartphones?|bitcoin|social media|hashtags?|selfies?|youtube|instagram|tiktok|apps?)\b"),
    (2008, r"微信|扫码|二维码|支付宝|朋友圈|短视频|直播|外卖|网购|快递|自拍|热搜"),
)


@lru_cache(maxsize=64)
def _year_in(text: str) -> int | None:
    """The latest year the text names; of periods, the end of the first one; None when it names none."""
    years = [int(next(filter(None, found))) for found in _YEAR.findall(text)]
    real = [year for year in years if EARLIEST <= year <= LATEST]
    if real:
        return max(real)
    return next((last for pattern, last in PERIODS if re.search(pattern, text)), None)


def year_of(persona: Persona) -> int | None:
    """The year up to which the character may know the world, by the card's era if that tells, else its description."""
    era, description = read(persona.knowledge.era).text, read(persona.description).text
    told = "" if _STUDIES.search(description) else description
    return _year_in(era) or _year_in(told)


def is_invented(persona: Persona) -> bool:
    """Whether the character's world is not ours."""
    return _INVENTED.search(read(f"{persona.knowledge.era}\n{persona.description}").text) is not None


def too_late_for(persona: Persona) -> str:
    """A pattern of the things that came after the character's time; empty when the card does not tell the time."""
    year = year_of(persona)
    if year is None:
        return ""
    things = THINGS if is_invented(persona) else (*LARDER, *THINGS)
    return "|".join(words for first, words in things if year < first)
