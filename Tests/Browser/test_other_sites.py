"""What the browser says of where a request comes from, over plain http to a name: no Sec-Fetch-Site, and what the policy lets
it say besides. The name is the machine's own, which the program takes for its."""

import socket

import chromium
import pages
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from sites import foreign, proxy, serving

HOST = socket.gethostname().lower()
PATIENCE_SECONDS = 20


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def browser(request):
    """A browser of its own, for which every name is this machine."""
    driver = chromium.start(request.param, "--host-resolver-rules=MAP * 127.0.0.1")
    yield driver
    driver.quit()


@pytest.fixture
def url(server):
    """The program's address as a name."""
    return server.url.replace("127.0.0.1", HOST)


def test_the_own_pages_work_behind_a_proxy_that_sets_no_referrer(server, browser):
    handler = proxy(int(server.url.rsplit(":", 1)[1]))
    with serving(handler) as port:
        url = f"http://{HOST}:{port}"
        landing, dashboard, room = (kind(browser, url) for kind in (pages.Landing, pages.Dashboard, pages.Room))
        landing.open()
        landing.register(f"tanpa-asal-{port}")
        dashboard.reaches("/dashboard")
        dashboard.create_group("Ruang")
        number = room.reaches_one()
        room.write("Hai semua!")
        room.click(".composer button")
        assert room.hears("Hai semua!")
        room.open(number)
        room.leave()
        dashboard.reaches(rf"/dashboard\?left={number}")
        dashboard.log_out()
        landing.reaches("/")
        landing.log_in(f"tanpa-asal-{port}")
        dashboard.reaches("/dashboard")
        dashboard.delete_account()
        landing.reaches("/")
        assert url in handler.origins and "null" not in handler.origins


def test_a_foreign_page_logs_nobody_out_and_deletes_nobody(server, browser, url):
    name = f"tamu-{server.url.rsplit(':', 1)[1]}-{browser.session_id[:8]}"
    landing, dashboard = pages.Landing(browser, url), pages.Dashboard(browser, url)
    landing.open()
    landing.register(name)
    dashboard.reaches("/dashboard")
    forms = "".join(
        f'<form method="post" action="{url}{target}"><input type="hidden" name="viewer" value="1">'
        f'<button id="{button}">Klik</button></form>'
        for target, button in (("/logout", "out"), ("/account/delete", "gone"))
    )
    page = (
        f'<img src="{url}/logout"><link rel="prefetch" href="{url}/logout"><iframe src="{url}/logout"></iframe>'
        f'<a id="link" href="{url}/logout">Klik</a>{forms}'
    )

    def is_logged_in():
        browser.get(f"{url}/dashboard")
        dashboard.shows("h1", f"Selamat datang, {name}!")

    with serving(foreign(page)) as port:
        elsewhere = f"http://evil.test:{port}/"
        for button in ("link", "out", "gone"):
            browser.get(elsewhere)
            before = browser.current_url
            browser.find_element(By.ID, button).click()
            WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: driver.current_url != before)
            # A link leads to the question, a form to a refusal.
            assert "Keluar?" in browser.title if button == "link" else "Tidak boleh" in browser.title
            is_logged_in()

    # Whoever means it presses the button.
    browser.get(f"{url}/logout")
    browser.find_element(By.CSS_SELECTOR, "form[action='/logout'] button").click()
    landing.reaches("/")
    browser.get(f"{url}/dashboard")
    landing.reaches("/")
