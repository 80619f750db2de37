"""Write the pages of docs/ that are made from declarations in the code; `make docs` runs it."""

from pathlib import Path

from winnow.core.reasons import REASON_KINDS
from winnow.core.signals.catalogue import reasons_page, signals_page
from winnow.core.signals.registry import SIGNALS
from winnow.shells.cli.manual import commands_page, settings_page

#: Path of each page from the root of the repository, and its text.
PAGES = {
    "docs/signals.md": signals_page(SIGNALS),
    "docs/reasons.md": reasons_page(SIGNALS, REASON_KINDS),
    "docs/cli.md": commands_page(),
    "docs/configuration.md": settings_page(),
}


def main() -> None:
    """Write every page that is not current, and say which."""
    root = Path(__file__).parents[1]
    for name, text in PAGES.items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")


if __name__ == "__main__":
    main()
