"""The widget as a customer meets it: the only place that knows its selectors."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect


class Widget:
    """A page with `<helder-chat>`. Locators reach into its shadow root."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.host = page.locator("helder-chat")
        self.launcher = self._in("button.launcher")
        self.badge = self._in("button.launcher b")
        self.panel = self._in("dialog:not(.data)")
        self.modal = self._in("dialog:modal")
        self.title = self._in("#title")
        self.status = self._in(".status")
        self.language = self._in("button.tongue")
        self.menu_button = self._in("button.more")
        self.menu = self._in("#menu")
        self.copy = self._in("#menu .copy")
        self.download = self._in("#menu .download")
        self.new_conversation = self._in("#menu .ask")
        self.close_button = self._in("dialog:not(.data) .top > button:last-child")
        self.data_door = self._in("#menu .data")
        self.data = self._in("dialog.data")
        self.data_told = self._in(".told-now")
        self.notice = self._in("details.notice")
        self.log = self._in(".log")
        self.messages = self._in("ol[role=list] > li")
        self.bubbles = self._in(".bubble")
        self.typing = self._in(".typing")
        self.line = self._in(".wait")
        self.rating = self._in(".rating")
        self.newer = self._in("button.newer")
        self.banner = self._in(".banner")
        self.restart = self._in(".banner .restart")
        self.keep = self._in(".banner .no")
        self.person = self._in("button.person")
        self.text = self._in("#write")
        self.count = self._in("#count")
        self.send_button = self._in("button.send")
        self.retry = self._in(".failed .meta button")
        self.live = self._in(".live")

    def _in(self, selector: str) -> Locator:
        return self.host.locator(selector)

    def visit(self, path: str = "/host", **query: str) -> Widget:
        """Opens a page and waits until the launcher or the panel is there."""
        rest = "&".join(f"{name}={value}" for name, value in query.items())
        self.page.goto(f"{self.base}{path}?{rest}")
        expect(self.launcher.or_(self.panel).locator("visible=true").first).to_be_visible()
        return self

    def open(self) -> Widget:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        expect(self.notice.locator("p").first).to_be_attached()
        return self

    def open_data(self) -> Widget:
        """From the menu, until it is filled."""
        self.menu_button.click()
        self.data_door.click()
        expect(self.data.locator("#ai")).to_be_visible()
        return self

    def in_data(self, name: str) -> Locator:
        """A control of "Your data" by its id: `ai`, `erase`, or a purpose's name."""
        return self.data.locator(f"#{name}")

    def send(self, text: str) -> Widget:
        self.text.fill(text)
        self.text.press("Enter")
        return self

    def score(self, word: str) -> Locator:
        """A face of the question how it was, by its word."""
        return self.rating.get_by_role("radio", name=word, exact=True)

    def choice(self, title: str) -> Locator:
        """The button with this title, under its message or where the line is told."""
        buttons = self._in(".choices button")
        return buttons.filter(has_text=title, visible=True)

    def message(self, text: str) -> Locator:
        """The row of the message with this text."""
        return self.messages.filter(has=self.page.locator(".bubble", has_text=text))

    def expect_texts(self, *texts: str) -> None:
        """Exactly these messages, in this order."""
        expect(self.bubbles).to_have_text(list(texts))

    def focused(self) -> Any:
        """A short name of the element that has the focus, in or outside the widget."""
        return self.page.evaluate(
            """() => {
                let e = document.activeElement;
                while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
                const id = e?.id ? '#' + e.id : '';
                return e ? [e.tagName.toLowerCase() + id, ...e.classList].join('.') : '';
            }"""
        )

    def stored(self) -> Any:
        """Everything that the browser keeps for this site."""
        return self.page.evaluate(
            """async () => ({
                session: { ...sessionStorage },
                local: { ...localStorage },
                cookies: document.cookie,
                databases: (await indexedDB.databases()).length,
                caches: (await caches.keys()).length,
            })"""
        )

    def record_speech(self) -> None:
        """From now on, keeps what the live regions are given to say."""
        self.host.evaluate(
            """(host) => {
                window.spoken = [];
                const hear = (records) => records.forEach((record) =>
                    record.addedNodes.forEach((node) => window.spoken.push(node.textContent)));
                for (const region of host.shadowRoot.querySelectorAll('.live'))
                    new MutationObserver(hear).observe(region, { childList: true, subtree: true });
            }"""
        )

    def spoken(self) -> Any:
        return self.page.evaluate("() => window.spoken")
