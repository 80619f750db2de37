"""Words that tell an off-limits category: in the name of a field, and in what people write.

A word stands for itself, `word*` for whatever begins so; several words have to follow each other. After `+` the value
is said (`diagnosed with lupus`), so some of the words that follow are taken, too. All is in small letters and without
accents. Chinese has no spaces, so its words are looked for within a text.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: What fields that hold a category are called, besides what tells a prohibited inference (see `labels`).
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "location": (
        "street", "strasse", "rue", "calle", "home address", "postcode", "postal code", "zip code", "plz", "city",
        "wohnort", "ville", "ciudad", "latitude", "longitude", "gps", "住址", "地址",
    ),
    "finance": (
        "income", "salary", "debt", "debts", "credit score", "einkommen", "gehalt", "schulden", "revenu", "salaire",
        "dettes", "ingresos", "salario", "deudas", "收入", "工资", "负债",
    ),
    "age": (
        "age", "birth*", "date of birth", "dob", "alter", "geburt*", "naissance", "nacimiento", "edad", "年龄", "生日",
        "出生",
    ),
    "gender": ("gender", "sex", "geschlecht", "genre", "sexe", "genero", "sexo", "性别"),
    "family": (
        "marital*", "married", "spouse", "children", "kids", "household", "familienstand", "kinder", "enfants",
        "etat civil", "estado civil", "hijos", "婚姻", "子女",
    ),
    "criminal_record": (
        "criminal*", "conviction*", "offence*", "offense*", "vorstraf*", "vorbestraft", "casier", "antecedentes",
        "犯罪", "前科",
    ),
})  # fmt: skip

#: What people write about themselves, by category; what is not here cannot be found in a text.
TOLD: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "health": (
        "pregnan*", "miscarriage*", "infertil*", "ivf", "diabet*", "insulin", "cancer", "tumor*", "tumour*", "chemo",
        "chemotherap*", "dialys*", "epilep*", "epilept*", "asthma*", "hiv", "depression", "depressed", "antidepress*",
        "bipolar", "schizophren*", "autis*", "adhd", "dementia", "alzheimer*", "parkinson*", "multiple sclerosis",
        "migraine*", "wheelchair*", "disability", "disabilities", "am disabled", "heart attack", "sick leave",
        "my illness", "chronic illness", "my surgery", "my mental health", "diagnosed with+", "i suffer from+",
        "schwanger*", "krebskrank*", "brustkrebs", "krebs erkrankt", "depressi*", "behindert*", "behinderung*",
        "schwerbehindert*", "rollstuhl*", "krankgeschrieben", "erkrankt", "burnout", "leide an+", "leide unter+",
        "suis enceinte", "est enceinte", "femme enceinte", "grossesse*", "handicap*", "fauteuil roulant", "maladie*",
        "malade", "sclerose", "souffre de+", "souffre d+", "embarazada*", "embarazo", "silla de ruedas", "discapacid*",
        "depresion", "enfermedad*", "enfermo", "enferma", "quimioterapia", "vih", "padezco+", "sufro de+",
        "怀孕", "孕妇", "糖尿病", "癌", "抑郁", "残疾", "艾滋", "化疗", "轮椅", "心脏病", "高血压", "患有",
    ),
    "religion": (
        "catholic*", "protestant*", "muslim*", "moslem*", "islam*", "jew", "jews", "jewish", "hindu*", "buddhis*",
        "sikh*", "atheis*", "mormon*", "jehovah*", "mosque*", "synagogue*", "ramadan", "halal", "kosher",
        "am christian", "a christian", "my church", "our church", "my faith", "my religion+", "religion is+",
        "katholi*", "evangelisch*", "judisch*", "jude", "juden", "kirchensteuer", "kirchenmitglied*", "konfession*",
        "musulman*", "juif", "juifs", "juive", "juives", "bouddhis*", "athee*", "ma religion+", "catolic*", "judio*",
        "judia*", "budista*", "ateo", "atea", "mi religion+",
        "基督徒", "穆斯林", "佛教", "天主教", "伊斯兰", "犹太", "清真", "信佛", "信教",
    ),
    "ethnicity": (
        "african american*", "asian american*", "native american*", "latino*", "latina*", "hispanic*", "romani",
        "gypsy", "gypsies", "black man", "black woman", "mixed race", "biracial", "caucasian", "ethnic*",
        "ethnicity+", "my race+", "skin colour+", "skin color+", "migrationshintergrund", "ethnisch*", "hautfarbe*",
        "sinti", "zigeuner*", "turkischstammig*", "arabischstammig*", "maghrebin*", "gitan*", "origine ethnique",
        "couleur de peau", "etnia*", "etnic*", "afrodescendiente*", "indigena*", "color de piel",
        "维吾尔", "藏族", "回族", "少数民族", "种族", "黑人",
    ),
    "sexual_orientation": (
        "gay", "lesbian*", "homosex*", "bisex*", "heterosex*", "pansex*", "queer", "lgbt*", "transgender*",
        "same sex", "sexual orientation+", "schwul*", "lesbisch*", "lesbe*", "lesbienne*", "orientation sexuelle+",
        "orientacion sexual+", "同性恋", "双性恋", "出柜", "性取向",
    ),
    "politics": (
        "voted for+", "i vote+", "republican*", "democrat", "democrats", "labour party", "conservative party",
        "green party", "tory", "tories", "communist*", "socialist*", "far right", "far left", "left wing",
        "right wing", "party member*", "wahle die+", "waehle die+", "gewahlt die+", "afd", "cdu", "csu", "spd",
        "parteimitglied*", "parteibuch", "linksradikal*", "rechtsradikal*", "vote pour+", "rassemblement national",
        "parti socialiste", "extreme droite", "extreme gauche", "vote por+", "voto a+", "voto por+", "psoe",
        "partido popular", "partido socialista", "militante de+",
        "共产党", "党员", "民主党", "共和党", "国民党", "投票给", "政治立场",
    ),
    "union": (
        "union member*", "trade union*", "labor union*", "labour union*", "union dues", "union rep", "our union",
        "my union", "the union", "unionis*", "unioniz*", "shop steward*", "gewerkschaft*", "ig metall", "syndicat*",
        "syndique*", "delegue syndical", "cgt", "cfdt", "sindicat*", "sindical*", "ugt", "comisiones obreras", "工会",
    ),
    "biometrics": (
        "biometri*", "fingerprint*", "facial recognition", "face id", "iris scan*", "retina scan*", "voiceprint*",
        "fingerabdruck*", "gesichtserkennung*", "empreinte digitale", "empreintes digitales",
        "reconnaissance faciale", "huella dactilar", "huellas dactilares", "huella digital", "reconocimiento facial",
        "指纹", "人脸识别", "虹膜", "声纹",
    ),
    "criminal_record": (
        "criminal record+", "criminal conviction*", "my conviction*", "was convicted+", "felony", "felon", "on parole",
        "in prison", "vorbestraft", "vorstrafe*", "im gefangnis", "haftstrafe*", "casier judiciaire", "en prison",
        "antecedentes penales", "en la carcel", "前科", "犯罪记录", "坐牢", "服刑",
    ),
})  # fmt: skip
