"""The letters of languages, commonest first: what a text is likely to be made of if its encoding is taken rightly."""

from collections.abc import Mapping
from types import MappingProxyType

WESTERN: Mapping[str, str] = MappingProxyType(
    {
        "French": "éèàêçôîâûùëïœ",
        "German": "üöäß",
        "Spanish": "óíáñéúü",
        "Portuguese": "ãçáéíóõêúâôà",
        "Italian": "àèòùéì",
        "Scandinavian": "åäöøæé",
        "Dutch": "ëéïóö",
        "Western Europe": "éüöäóáíèñçãàêåßøôæúâîûëïõùòìœÿš",
    }
)
CENTRAL: Mapping[str, str] = MappingProxyType(
    {
        "Polish": "łóążęśćńź",
        "Czech": "íáéěšřčžýůúťďňóľôä",
        "Hungarian": "áéöóőüűíú",
        "Romanian": "ăâîșțşţ",
        "Croatian": "čćšžđ",
        "Central Europe": "áéíóöüąłęčšžćýőřěűśżńúůäďťňźđăâîľôșțşţß",
    }
)
TURKISH: Mapping[str, str] = MappingProxyType({"Turkish": "\u0131işüğöç"})
CYRILLIC: Mapping[str, str] = MappingProxyType({"Cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъіїєґё"})
GREEK: Mapping[str, str] = MappingProxyType({"Greek": "αοιετσνηυρπκμλωςθγάόίέδφήχβύώζξψϊϋ"})

PUNCTUATION = frozenset("\u2013\u2014\u2018\u2019“”„…•·°ºª«»€£§©®™½¼²³\u00b4¿¡№\u00d7\u00a0")
"""What stands beside letters in all languages."""
APOSTROPHES = frozenset("\u2018\u2019\u00b4·-\u00a0")
"""What stands between letters."""
WIDE_PUNCTUATION = frozenset(
    "\u3000、。・「」\uff08\uff09\uff1a\uff1b\uff0c\uff01\uff1f\uff0d\uff5e·\u2013—\u2018\u2019“”…℃№\uff03"
)
"""What stands beside letters of two bytes."""

COMMON_SYLLABLES = frozenset(
    "가각간감강개객거건게견결경계고공과관광교구국군권귀규그극근금급기길김나남내너네년노농누뉴능니다단달담당대더덕데도독돌동되두"
    "뒤드들등디라락란람래량러레려력령례로록료루류르른를름리림립마막만말망매맥머면명모목무문물미민밀바박반발방배백번법병보복본봉부북"
    "분불브비빌사산삼상새색생서석선설성세센소속손송수순술숭스승시식신실심싱아안암앞야약양어언업에여역연열영예오옥온와완외요용우욱운"
    "울원월위유육율은을음읍의이인일입자작장재저전점정제조족종좌주준중즈증지직진집차창채책처천철청체초촌총최추출충치카칸캠커코크클타"
    "탄택터테토통트특티파판팔페평포표품프플피필하학한합항해행향허현형호홍화환활황회후훈희드론점뒷앞옆층빛"
)
"""Syllables that names, streets and firms of Korea are made of."""

COMMON_KANJI = frozenset(
    "一二三四五六七八九十日本人大年中出生月行分東京都道府県市区町村番地号丁目田山川島木林森石井原野村上下前後左右北南西口入駅店"
    "会社株式有限工場商事業所務支部局室館院校門学高橋小松佐藤鈴渡辺伊加吉清水中央港新宿渋谷品台世杉豊練馬足立葛江戸横浜名古屋"
    "阪神戸福岡札幌仙広熊鹿沖縄千葉埼玉茨城栃群静岐愛知三重滋賀奈良和歌山裏側面正倉庫駐車場事務受付通路階段廊下電気機械警備防犯"
    "監視設置場所名称住所電話担当者責任備考種類型製造元番物件建物薬食品酒菜肉魚花本屋手金銀行郵便信用自動車両光明白青赤黒緑丘海"
    "梅難波天王寺心斎橋栄平成昭和六七八富士松竹桜若早朝夕春夏秋冬"
)
"""Characters that names, streets and firms of Japan are written with."""

COMMON_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日"
    "于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进法此实回二理美点月"
    "明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内"
    "加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合"
    "放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科"
    "街号区县省镇村路楼层室座栋单元单位有限公司店商店酒店超市仓库停车场入口后门大门走廊办公摄像机监控设备型广州深圳杭成武汉朝阳"
    "建设科技股份集团厂院校园幢弄巷桥湖河江苏浙福州厦青岛津渝辽吉黑鲁豫湘鄂皖赣晋陕甘宁贵云川藏黄刘陈杨赵周吴徐孙朱胡郭何罗梁宋"
    "宾馆饭银药房百货贸易货新"
)
"""Characters that are most used in China, with those of addresses and firms."""

COMMON_TRADITIONAL = frozenset(
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒日"
    "於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進法此實回二理美點月"
    "明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內"
    "加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合"
    "放做系計或司利受光王果親界及今京務制解各任至清物台臺象記邊共風戰干接它許八特覺望直服毛林題建南度統色字請交愛讓認算論百吃義"
    "街號區縣省鎮村樓層室座棟單元位限店商酒超倉庫停後廊辦公攝影監控設備型廣州竹桃園義雄隆屏花蓮宜蘭苗栗彰投嘉科技股份集團廠院校"
    "巷弄段橋湖河江港灣九龍灣仔旺角沙田荃信義松善陳李黃張吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊呂誠品國小走屯"
)
"""Characters that are most used in Taiwan and Hong Kong, with those of addresses and firms."""
