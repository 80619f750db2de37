"""User agents: what browsers of the season say, and what scripts and crawlers say."""

from winnow.demo.tables import table


class Agents:
    """Pools of user agents by kind of program."""

    def __init__(self) -> None:
        words = table("agents")
        self._versions = words["versions"]
        self.desktop = (
            self._filled(words["chrome_desktop"], "chrome") * 3
            + self._filled(words["firefox"], "firefox") * 2
            + self._filled(words["safari"], "safari") * 6
        )
        self.iphone = self._filled(words["iphone"], "safari")
        self.apple = self._filled(words["safari"], "safari") + self.iphone * 3
        self.mobile = self._filled(words["chrome_mobile"], "chrome") + self.iphone * 2
        self.stale = tuple(words["stale"])
        self.tools = tuple(words["tools"])
        self.headless = tuple(words["headless"])
        self.crawlers = tuple(words["crawlers"])

    def _filled(self, patterns: list[str], browser: str) -> tuple[str, ...]:
        return tuple(pattern.format(v=version) for pattern in patterns for version in self._versions[browser])
