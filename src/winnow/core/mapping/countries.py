"""Country names to ISO 3166-1 alpha-2, because forms ask for a country in words and signals compare codes.

The codes are those of ISO 3166-1 (2020 edition with its later amendments) and XK for Kosovo; the
names are the common English ones, some former ones, and how the larger countries call themselves.
"""

import unicodedata
from functools import lru_cache

#: One country a line: alpha-2, alpha-3, then its names separated by `;`.
_TABLE = """\
AD AND Andorra
AE ARE United Arab Emirates; UAE; Emirates
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria; Österreich
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina; Bosnia
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium; België; Belgique
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy
BM BMU Bermuda
BN BRN Brunei; Brunei Darussalam
BO BOL Bolivia; Plurinational State of Bolivia
BQ BES Caribbean Netherlands; Bonaire, Sint Eustatius and Saba
BR BRA Brazil; Brasil
BS BHS Bahamas; The Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos Islands; Cocos (Keeling) Islands
CD COD Democratic Republic of the Congo; DR Congo; DRC; Congo-Kinshasa; Congo, Democratic Republic of the
CF CAF Central African Republic
CG COG Republic of the Congo; Congo; Congo-Brazzaville
CH CHE Switzerland; Schweiz; Suisse; Svizzera
CI CIV Côte d'Ivoire; Ivory Coast
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China; People's Republic of China; Mainland China
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cape Verde; Cabo Verde
CW CUW Curaçao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia; Czech Republic; Česko
DE DEU Germany; Deutschland; Federal Republic of Germany
DJ DJI Djibouti
DK DNK Denmark; Danmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain; España
ET ETH Ethiopia
FI FIN Finland; Suomi
FJ FJI Fiji
FK FLK Falkland Islands; Falkland Islands (Malvinas)
FM FSM Micronesia; Federated States of Micronesia
FO FRO Faroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom; UK; Great Britain; Britain; England; Scotland; Wales; Northern Ireland; U.K.
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia; The Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece; Ελλάδα
GS SGS South Georgia and the South Sandwich Islands; South Georgia
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong; Hong Kong SAR China; Hong Kong SAR
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia; Hrvatska
HT HTI Haiti
HU HUN Hungary; Magyarország
ID IDN Indonesia
IE IRL Ireland; Republic of Ireland; Éire
IL ISR Israel
IM IMN Isle of Man
IN IND India; Bharat
IO IOT British Indian Ocean Territory; Chagos Archipelago
IQ IRQ Iraq
IR IRN Iran; Islamic Republic of Iran
IS ISL Iceland
IT ITA Italy; Italia
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan; 日本
KE KEN Kenya
KG KGZ Kyrgyzstan
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros
KN KNA Saint Kitts and Nevis
KP PRK North Korea; Democratic People's Republic of Korea; DPRK
KR KOR South Korea; Republic of Korea; Korea; Korea, South; 대한민국
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos; Lao People's Democratic Republic
LB LBN Lebanon
LC LCA Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova; Republic of Moldova
ME MNE Montenegro
MF MAF Saint Martin; Saint Martin (French part)
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia; Macedonia
ML MLI Mali
MM MMR Myanmar; Burma; Myanmar (Burma)
MN MNG Mongolia
MO MAC Macao; Macau; Macao SAR China
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico; México
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands; The Netherlands; Holland; Nederland
NO NOR Norway; Norge
NP NPL Nepal
NR NRU Nauru; Naoero
NU NIU Niue
NZ NZL New Zealand; Aotearoa
OM OMN Oman
PA PAN Panama
PE PER Peru; Perú
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines; The Philippines
PK PAK Pakistan
PL POL Poland; Polska
PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn; Pitcairn Islands
PR PRI Puerto Rico
PS PSE Palestine; Palestinian Territories; State of Palestine
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion
RO ROU Romania; România
RS SRB Serbia; Srbija
RU RUS Russia; Russian Federation; Россия
RW RWA Rwanda
SA SAU Saudi Arabia; KSA; Kingdom of Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden; Sverige
SG SGP Singapore
SH SHN Saint Helena; Saint Helena, Ascension and Tristan da Cunha
SI SVN Slovenia; Slovenija
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia; Slovak Republic; Slovensko
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP São Tomé and Príncipe
SV SLV El Salvador
SX SXM Sint Maarten; Sint Maarten (Dutch part)
SY SYR Syria; Syrian Arab Republic
SZ SWZ Eswatini; Swaziland
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste; East Timor
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Turkey; Türkiye
TT TTO Trinidad and Tobago; Trinidad
TV TUV Tuvalu
TW TWN Taiwan; Taiwan, Province of China
TZ TZA Tanzania; United Republic of Tanzania
UA UKR Ukraine; Україна
UG UGA Uganda
UM UMI United States Minor Outlying Islands; US Outlying Islands
US USA United States; United States of America; America; U.S.; U.S.A.; The United States
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Vatican City; Holy See
VC VCT Saint Vincent and the Grenadines
VE VEN Venezuela; Bolivarian Republic of Venezuela
VG VGB British Virgin Islands
VI VIR US Virgin Islands; United States Virgin Islands
VN VNM Vietnam; Viet Nam; Việt Nam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa
XK XKX Kosovo
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given as code or name; None when it is neither."""
    return _CODES.get(_folded(text)) or _CODES.get(_folded(_uninverted(text)))


def _uninverted(text: str) -> str:
    """`Korea, Republic of` the way it is spoken."""
    name, _, rest = text.partition(",")
    return f"{rest} {name}"


def _folded(text: str) -> str:
    """The letters of a name without case, accents and punctuation, `&` and `St.` spelt out."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(" " if each in "-,()/" else each for each in plain if _counts(each))
    return " ".join("saint" if word == "st" else word for word in kept.split())


def _counts(character: str) -> bool:
    return not unicodedata.combining(character) and character not in ".'’"


def _codes() -> dict[str, str]:
    codes = {}
    for line in _TABLE.splitlines():
        alpha2, alpha3, names = line.split(" ", 2)
        for name in (alpha2, alpha3, *names.split(";")):
            codes[_folded(name)] = alpha2
    return codes


_CODES = _codes()
