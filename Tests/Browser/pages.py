"""The pages, as what a person does on them and sees there."""

import re

from selenium.common import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

WAIT_SECONDS = 10
POLL_SECONDS = 0.05


class Page:
    """What all pages have in common."""

    def __init__(self, driver, url):
        self.driver = driver
        self.url = url

    def go(self, path):
        self.driver.get(self.url + path)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    def script(self, source, *arguments):
        return self.driver.execute_script(source, *arguments)

    def until(self, condition, hope, seconds=WAIT_SECONDS):
        """Waits until the condition holds and returns what it returned; `hope` is said if it never does."""
        wait = WebDriverWait(self.driver, seconds, POLL_SECONDS, [StaleElementReferenceException])
        # By default a page without the element counts as "not yet".
        return wait.until(lambda _: condition(), hope)

    def shows(self, selector, text):
        """Waits until the element has that text."""
        self.until(lambda: text in (each.text for each in self.find_all(selector)), f"{selector} with “{text}”")

    def reaches(self, path):
        """Waits until the page with that path, a regular expression, is there as a whole."""
        # Both are asked of the document: the browser has the new address before it has the new page.
        address = "return document.readyState === 'complete' && location.href"
        self.until(lambda: re.fullmatch(re.escape(self.url) + path, self.script(address) or ""), f"the page {path}")

    def click(self, selector):
        self.find(selector).click()

    def fill(self, selector, text):
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def press(self, *keys):
        """Presses keys wherever the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def console(self):
        """What the browser has complained about since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


class Landing(Page):
    def open(self):
        self.go("/")

    def register(self, name):
        self.fill("#register-username", name)
        self.press(Keys.ENTER)

    def log_in(self, name):
        self.fill("#login-username", name)
        self.press(Keys.ENTER)


class Dashboard(Page):
    def open(self):
        self.go("/dashboard")

    def create_group(self, name=""):
        self.fill("#create-name", name)
        self.click(".create button")

    def create_dm(self, other=""):
        # What one clicks is the label: the radio button lies over it, without a look of its own.
        self.click('.create input[value="dm"]')
        self.fill("#create-with", other)
        self.click(".create button")

    def join(self, room):
        self.fill("#join-id", str(room))
        self.click('form[action="/room/join"] button')

    def log_out(self):
        self.click('form[action="/logout"] button')

    def delete_account(self):
        self.click(".leaving .ending summary")
        self.click('form[action="/account/delete"] button')


class Room(Page):
    _SPOKEN = """
        return [...document.querySelectorAll("main .message")].map((message) =>
            message.querySelector(".by").textContent.replace(/\\s+/g, " ").trim() + " " +
            message.querySelector(".content").textContent);
    """

    def open(self, room):
        self.go(f"/room/{room}")

    def reaches_one(self):
        """Waits until it is the page of a room, and returns the room's id."""
        self.reaches(r"/room/\d+")
        return int(self.find("main[data-room-id]").get_attribute("data-room-id"))

    def has_facts(self, facts):
        self.shows(".room-facts", facts)

    def write(self, *keys):
        self.find("#content").send_keys(*keys)

    def send(self, text):
        self.write(text, Keys.ENTER)

    def messages(self):
        """What is said in the room, as it is read aloud: “[alice] 10:05 - Hai semua!”."""
        return self.script(self._SPOKEN)

    def contents(self):
        return [message.partition(" - ")[2] for message in self.messages()]

    def stored(self):
        """What is in the log, without what is on its way."""
        return self.script(
            "return [...document.querySelectorAll('[role=log] .message .content')].map((each) => each.textContent)"
        )

    def pending(self):
        """What is on its way."""
        return self.script(
            "return [...document.querySelectorAll('.outbox .pending .content')].map((each) => each.textContent)"
        )

    def hears(self, content, times=1, seconds=WAIT_SECONDS):
        """Waits until the message is there, this many times, and returns it whole."""
        self.until(lambda: self.contents().count(content) == times, f"“{content}”, {times} times", seconds)
        return next(message for message in self.messages() if message.endswith(f" - {content}"))

    def has_stored(self, *contents, seconds=WAIT_SECONDS):
        """Waits until the log is exactly this, and nothing is on its way."""
        self.until(lambda: (self.stored(), self.pending()) == (list(contents), []), f"{contents} in the log", seconds)

    def has_pending(self, *contents):
        """Waits until exactly this is on its way."""
        self.until(lambda: self.pending() == list(contents), f"{contents} on their way")

    def has_failed(self, content):
        """Waits until the message looks like one that could not be sent."""
        self.shows(".failed .delivery-state", "Gagal terkirim")
        self.shows(".failed .content", content)

    def is_settled(self):
        """Waits until nothing of one's own is on its way."""
        self.until(lambda: not self.find_all(".outbox .message"), "an empty outbox")

    def says(self, words):
        """Waits until the line about the connection says this."""
        self.until(lambda: self.text(".connection").startswith(words), f"“{words}”")

    def is_quiet(self):
        """Waits until there is nothing to say about the connection."""
        self.until(lambda: self.text(".connection") == "", "nothing about the connection")

    def message(self, content):
        """The message in the log that says this."""
        return next(each for each in self.find_all("[role=log] .message")
                    if each.find_element(By.CSS_SELECTOR, ".content").text == content)

    def act(self, content, action):
        """Does with the message what its menu has."""
        link = self.message(content).find_element(By.CSS_SELECTOR, ".more")
        ActionChains(self.driver).move_to_element(link).click().perform()
        self.click(f'.menu [data-action="{action}"]')

    def written(self):
        """What is in the field."""
        return self.find("#content").get_property("value")

    def bar(self):
        """What stands above the field; empty where nothing does."""
        return " ".join(self.text("#composer-bar .bar-text").split()) if self.find("#composer-bar").is_displayed() else ""

    def focused(self):
        """The id, or else the classes, of what has the focus."""
        return self.script("const { id, className } = document.activeElement; return id || className")

    def leave(self):
        self.click(".room-leave button")

    def back(self):
        self.click(".room-back")
