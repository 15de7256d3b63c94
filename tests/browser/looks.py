"""How a page looks: to axe in both themes, and at its right edge."""

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1440, 390)


def check_looks(page):
    """axe finds nothing, light or dark, and nothing runs over the edge."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
