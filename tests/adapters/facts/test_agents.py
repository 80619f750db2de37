"""User agents: people's browsers are never taken for programs, programs are told apart."""

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from winnow.adapters.facts.agents import Agents

AGENTS = Agents()

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (CHROME, "browser"),
        (f"{CHROME} Edg/131.0.0.0", "browser"),
        (f"{CHROME} OPR/115.0", "browser"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "browser"),
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "browser"),
        (f"{IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", "browser"),
        (ANDROID, "browser"),
        ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "browser"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "browser"),
        ("Opera/9.80 (Android; Opera Mini/36.2; U; en) Presto/2.12.423 Version/12.16", "browser"),
        # the built-in browsers of apps, and telephones with unlucky names
        (f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/445.0;FBBV/1;FBDV/iPhone14,2;FBMD/iPhone]", "browser"),
        (f"{ANDROID} MetaIAB Facebook", "browser"),
        (f"{ANDROID} Instagram 289.0.0.25.49 Android", "browser"),
        (f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.28", "browser"),
        (f"{IPHONE} GSA/285.0 Mobile/15E148 Safari/604.1", "browser"),
        (f"{IPHONE} Version/16.0 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15", "browser"),
        (f"{ANDROID} DaumApps/7 Daum/4.1", "browser"),
        (f"{ANDROID} Viber/18.2", "browser"),
        (f"{ANDROID} SogouMSE,SogouMobileBrowser/5.28", "browser"),
        (ANDROID.replace("Pixel 8", "CUBOT P30"), "browser"),
        (f"{CHROME} coc_coc_browser/109.0", "browser"),
        (CHROME.replace("Chrome", "Notion/2.0 Chrome"), "browser"),
        # declared crawlers
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        (f"{ANDROID} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com)", "bot"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "bot"),
        ("Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)", "bot"),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "bot"),
        # scripts and HTTP libraries
        ("curl/8.10.1", "tool"),
        ("Wget/1.21.4", "tool"),
        ("python-requests/2.32.3", "tool"),
        ("Python/3.12 aiohttp/3.11.0", "tool"),
        ("python-httpx/0.28.0", "tool"),
        ("Python-urllib/3.12", "tool"),
        ("Go-http-client/2.0", "tool"),
        ("axios/1.7.9", "tool"),
        ("okhttp/4.12.0", "tool"),
        ("PostmanRuntime/7.43.0", "tool"),
        ("insomnia/10.0.0", "tool"),
        ("Java/17.0.1", "tool"),
        ("GuzzleHttp/7", "tool"),
        ("node", "tool"),
        ("Ruby", "tool"),
        ("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621", "tool"),
        # automated browsers
        (CHROME.replace("Chrome", "HeadlessChrome"), "headless"),
        ("Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1", "headless"),
        (f"{CHROME} Cypress/13.0", "headless"),
        (f"{CHROME} Puppeteer", "headless"),
        ("Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0", "headless"),
        # nothing that could be told
        ("", None),
        ("-", None),
        ("Mozilla/5.0", None),
        ("Amazon CloudFront", None),
        ("Dalvik/2.1.0 (Linux; U; Android 14)", None),
        ("MyApp/1.0 CFNetwork/1408.0.4 Darwin/22.5.0", None),
        ("nodding acquaintance", None),
        ("\x00\ud800", None),
    ],
)  # fmt: skip
def test_a_user_agent_is_classified(user_agent, expected):
    assert AGENTS.classify(user_agent) == expected


def test_every_example_of_the_package_is_recognised():
    kept = [entry for entry in CRAWLER_USER_AGENTS_DATA if entry["pattern"] != "Amazon CloudFront"]
    examples = [(entry["pattern"], example) for entry in kept for example in entry["instances"]]
    missed = [row for row in examples if AGENTS.classify(row[1]) in (None, "browser")]
    assert len(missed) < 0.01 * len(examples), missed


def test_an_endless_user_agent_is_cut():
    assert AGENTS.classify(CHROME + "x" * 10_000_000) == "browser"
