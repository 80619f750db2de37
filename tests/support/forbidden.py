"""Where a webhook must never lead: addresses that are not public, and spellings that hide one."""

#: Addresses, with why.
ADDRESSES = [
    # IPv4
    ("0.0.0.0", "this host"),
    ("0.1.2.3", "this host"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("100.64.0.1", "shared"),
    ("100.100.100.200", "shared"),  # metadata of Alibaba's cloud
    ("100.127.255.255", "shared"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "Azure"),
    ("169.254.0.1", "link-local"),
    ("169.254.169.254", "link-local"),  # metadata of most clouds
    ("169.254.170.2", "link-local"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.1", "protocol"),
    ("192.0.0.8", "protocol"),
    ("192.0.0.9", "protocol"),
    ("192.0.0.10", "protocol"),
    ("192.0.0.170", "protocol"),
    ("192.0.0.192", "protocol"),  # metadata of Oracle's cloud
    ("192.0.2.1", "documentation"),
    ("192.31.196.1", "AS112"),
    ("192.52.193.1", "multicast tunnelling"),
    ("192.88.99.1", "6to4 relay"),
    ("192.168.0.1", "private"),
    ("192.168.255.255", "private"),
    ("192.175.48.1", "AS112"),
    ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.7", "documentation"),
    ("224.0.0.1", "multicast"),
    ("232.1.1.1", "multicast"),
    ("233.252.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.254", "reserved"),
    ("255.255.255.255", "broadcast"),
    # IPv6
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::2", "IPv4-compatible"),
    ("::127.0.0.1", "IPv4-compatible"),
    ("::10.0.0.1", "IPv4-compatible"),
    ("::8.8.8.8", "IPv4-compatible"),
    ("::ffff:127.0.0.1", "IPv4-mapped"),
    ("::ffff:169.254.169.254", "IPv4-mapped"),
    ("::ffff:8.8.8.8", "IPv4-mapped"),
    ("::ffff:0:127.0.0.1", "not given out"),  # IPv4-translated, RFC 2765
    ("64:ff9b::127.0.0.1", "NAT64"),
    ("64:ff9b::a9fe:a9fe", "NAT64"),
    ("64:ff9b::8.8.8.8", "NAT64"),
    ("64:ff9b:1::1", "NAT64"),
    ("64:ff9b:1:fffe::10.0.0.1", "NAT64"),
    ("100::1", "discard"),
    ("100:0:0:1::1", "discard"),
    ("200::1", "not given out"),
    ("400::1", "not given out"),
    ("1000::1", "not given out"),
    ("2001::1", "Teredo"),
    ("2001:0:7f00:1::", "Teredo"),
    ("2001:1::1", "protocol"),
    ("2001:2::1", "protocol"),
    ("2001:3::1", "protocol"),
    ("2001:4:112::1", "protocol"),
    ("2001:10::1", "protocol"),
    ("2001:20::1", "protocol"),
    ("2001:30::1", "protocol"),
    ("2001:1ff:ffff::1", "protocol"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::", "6to4"),
    ("2002:a00:1::1", "6to4"),
    ("2002:a9fe:a9fe::1", "6to4"),
    ("2002:808:808::1", "6to4"),
    ("2620:4f:8000::1", "AS112"),
    ("3ffe::1", "6bone"),
    ("3fff::1", "documentation"),
    ("3fff:fff::1", "documentation"),
    ("4000::1", "not given out"),
    ("5f00::1", "segment routing"),
    ("6000::1", "not given out"),
    ("8000::1", "not given out"),
    ("e000::1", "not given out"),
    ("f000::1", "not given out"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "private"),  # metadata of Amazon's cloud
    ("fd20:ce::254", "private"),  # metadata of Google's cloud
    ("fe00::1", "not given out"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("febf::1", "link-local"),
    ("fec0::1", "site-local"),
    ("feff::1", "site-local"),
    ("ff01::1", "multicast"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("2a00:1450::5efe:10.0.0.1", "ISATAP"),
    ("2a00:1450::200:5efe:127.0.0.1", "ISATAP"),
]

#: What some release of Python, from 3.11 on, calls global all the same.
GLOBAL_TO_PYTHON = """
    168.63.129.16 192.0.0.8 192.0.0.9 192.0.0.10 192.0.0.192 192.31.196.1 192.52.193.1 192.88.99.1 192.175.48.1
    224.0.0.1 232.1.1.1 233.252.0.1 239.255.255.250 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:8.8.8.8
    ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::8.8.8.8 64:ff9b:1::1 64:ff9b:1:fffe::10.0.0.1
    100:0:0:1::1 200::1 400::1 1000::1 2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe::1 2002:808:808::1 2620:4f:8000::1
    3ffe::1 3fff::1 3fff:fff::1 4000::1 5f00::1 6000::1 8000::1 e000::1 f000::1 fe00::1 fec0::1 feff::1 ff01::1 ff02::1
    2001:1::1 2001:3::1 2001:4:112::1 2001:20::1 2001:30::1 ff0e::1 2a00:1450::5efe:10.0.0.1
    2a00:1450::200:5efe:127.0.0.1
""".split()

_WORDS = """
    https://127.0.0.1:PORT/ https://127.1:PORT/ https://127.0.1:PORT/ https://0:PORT/ https://0.0.0.0:PORT/
    https://2130706433:PORT/ https://0x7f000001:PORT/ https://0x7f.1:PORT/ https://0X7F.0.0.1:PORT/
    https://0x7f.0x0.0x0.0x1:PORT/ https://017700000001:PORT/ https://0177.0.0.1:PORT/ https://0177.0.0.01:PORT/
    https://127.0.0.01:PORT/ https://00127.0.0.1:PORT/ https://127.0.0.1.:PORT/ https://127.1.:PORT/
    https://localhost:PORT/ https://LOCALHOST:PORT/ https://localhost.:PORT/ https://localhost.localdomain:PORT/
    https://[::1]:PORT/ https://[0:0:0:0:0:0:0:1]:PORT/ https://[::]:PORT/ https://[::ffff:127.0.0.1]:PORT/
    https://[::ffff:7f00:1]:PORT/ https://[::127.0.0.1]:PORT/ https://[::1%25lo]:PORT/ https://[::1%lo]:PORT/
    https://[127.0.0.1]:PORT/ https://[v1.127.0.0.1]:PORT/ https://::1:PORT/ https://[::1:PORT/ https://::1]:PORT/
    https://127。0。0。1:PORT/ https://１２７.０.０.１:PORT/ https://①②⑦.⓪.⓪.①:PORT/ https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
    https://localhoſt:PORT/ https://loc\u00adalhost:PORT/ https://127%2e0%2e0%2e1:PORT/ https://%6cocalhost:PORT/
    https://crm.example@127.0.0.1:PORT/ https://crm.example:PORT@127.0.0.1:PORT/ https://127.0.0.1:PORT@crm.example/
    https://crm.example%40127.0.0.1:PORT/ https://@127.0.0.1:PORT/ https://:@127.0.0.1:PORT/
    https://127.0.0.1:PORT\\@crm.example/ https://crm.example\\@127.0.0.1:PORT/ https:\\\\127.0.0.1:PORT/
    https://127.0.0.1:PORT#@crm.example/ https://127.0.0.1:PORT/#x https:127.0.0.1:PORT/ https:/127.0.0.1:PORT/
    https:///127.0.0.1:PORT/ ////127.0.0.1:PORT/ //127.0.0.1:PORT/ 127.0.0.1:PORT https://:PORT/ https://.:PORT/
    https://..:PORT/ https://127.0.0.1:+PORT/ https://127.0.0.1:PORT:PORT/ https://127.0.0.1:０PORT/
    http://127.0.0.1:PORT/ HTTP://127.0.0.1:PORT/ ftp://127.0.0.1:PORT/ gopher://127.0.0.1:PORT/_x file:///etc/passwd
    dict://127.0.0.1:PORT/ unix:///tmp/socket javascript:alert(1) data:text/plain,x ws://127.0.0.1:PORT/
    https+unix://%2ftmp%2fsocket/ jar:https://127.0.0.1:PORT/!/ url:https://127.0.0.1:PORT/
    https://127.0.0.1:0/ https://127.0.0.1:22/ https://127.0.0.1:65536/ https://127.0.0.1:-1/ https://127.0.0.1:99999/
""".split()

#: URLs, with PORT where the trap listens, that some program or other takes for this machine, or that are no URLs.
SPELLINGS = [
    *_WORDS,
    "",
    " ",
    " https://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/ ",
    "https://127.0.0.1:PORT /",
    "https:// 127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/a b",
    "ht\ntps://127.0.0.1:PORT/",
    "https://127.0.\t0.1:PORT/",
    "https://127.0.0.1:PORT/\r\nX-Evil: 1",
    "https://crm.example\x00.127.0.0.1:PORT/",
    "https://127.0.0.1\x00:PORT/",
    "\x01https://127.0.0.1:PORT/",
    "https://127.0.0.1\u2028:PORT/",
    "https://127.0.0.1\u3000:PORT/",
    f"https://127.0.0.1:PORT/{'x' * 2048}",
    f"https://{'a' * 64}:PORT/",
    f"https://{'a.' * 127}a:PORT/",
    "https://-a.example:PORT/",
    "https://a-.example:PORT/",
    "https://a..example:PORT/",
    "https://*.example:PORT/",
    "https://a,b.example:PORT/",
    "https://$(id).example:PORT/",
    "https://crm.example.:PORT/",
    "https://bücher.example:PORT/",
    "https://1.2.3.4.5:PORT/",
    "https://1.2.3.256:PORT/",
    "https://crm.0x:PORT/",
    "https://crm.0xff:PORT/",
    "https://crm.1:PORT/",
]

PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
    169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 203.0.114.0
    223.255.255.255 168.63.129.15 168.63.129.17 2000::1 2001:200::1 2001:db7::1 2001:db9::1 2003::1 2606:4700::1111
    2a00:1450:4001::200e 2620:4f:7fff::1 3ffd::1 2c0f::1
""".split()
