"""Makes the pictures of the web page that the READMEs show: docs/pictures/*.webp.

    PYTHONPATH=. .venv/bin/python docs/pictures.py

They are what Chromium shows of the sample corpus, with audio made on the spot. It needs `chromium`, `podseek[browser]`
and a Chinese font (fonts-noto-cjk looks best); `.ci/install-programs` installs the first two.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
QUALITY = 80
DESK = {"width": 1120, "height": 700}
PHONE = {"width": 360, "height": 700}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        for scheme in ("light", "dark"):
            for language, locale in (("en", "en-GB"), ("zh", "zh-CN")):
                page = browser.new_page(viewport=DESK, color_scheme=scheme, locale=locale)
                page.goto(f"{address}search?q={quote('模型')}")
                page.locator(".moment .play").first.click()
                page.mouse.move(DESK["width"] - 1, 1)
                take(page, f"serve-{language}-{scheme}")
            page = browser.new_page(viewport=PHONE, color_scheme=scheme, locale="zh-CN", device_scale_factor=1.5)
            page.goto(f"{address}episode/corpus/01-large-models?q={quote('强化学习')}&at=314#t=314")
            page.locator("#reader-play").click()
            page.mouse.move(1, 1)
            take(page, f"phone-{scheme}")
        browser.close()
    total = sum(path.stat().st_size for path in PICTURES.iterdir())
    print(f"{PICTURES}: {total / 1000:.0f} kB")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a copy of the sample corpus that sounds."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    index = folder / "index"
    here = {**os.environ, "PYTHONPATH": str(ROOT), "PODSEEK_INDEX": str(index)}
    podseek = [sys.executable, "-m", "cli"]
    subprocess.run([*podseek, "index", folder / "corpus"], cwd=ROOT, env=here, check=True)
    subprocess.run([sys.executable, "bench/make_sound.py", index, "--tones"], cwd=ROOT, env=here, check=True)
    server = subprocess.Popen([*podseek, "serve", "--port", "0"], cwd=ROOT, env=here, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def take(page: Page, name: str) -> None:
    """Writes what the page shows once it has played for two seconds, without its moving parts."""
    page.wait_for_timeout(2000)
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
    page.context.close()


if __name__ == "__main__":
    main()
