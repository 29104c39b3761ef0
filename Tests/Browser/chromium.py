"""Debian's Chromium, driven without a window."""

import contextlib
import os
import shutil

from selenium import webdriver
from selenium.common import WebDriverException

WIDTH, HEIGHT = 1280, 900


def start(javascript=True, *arguments):
    """Starts a browser with a profile of its own, and with further arguments."""
    options = webdriver.ChromeOptions()
    for argument in arguments:
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium")
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    options.add_argument("--hide-scrollbars")
    options.add_argument("--lang=id")
    if os.geteuid() == 0:
        # Chromium's sandbox refuses to run as root.
        options.add_argument("--no-sandbox")
    preferences = {"intl.accept_languages": "id"}
    if not javascript:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options, service)
    show(driver)
    return driver


def show(driver, width=WIDTH, height=HEIGHT, dark=False):
    """Gives the page this size in CSS pixels, and the colour scheme that the reader prefers."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def log_in(driver, server, member):
    """Gives the browser the member's session."""
    cookie = {"name": "obrolan_session", "value": member.session, "url": server.url, "httpOnly": True, "sameSite": "Lax"}
    driver.execute_cdp_cmd("Network.setCookie", cookie)


def go_offline(driver, offline=True):
    """Cuts the browser off the network, or connects it again."""
    conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


def block(driver, *patterns):
    """Has requests for these URLs fail, and no others; without patterns none."""
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})


def open_tab(driver, *scripts):
    """Opens a tab, in which these scripts run before those of each page, and returns its name."""
    driver.switch_to.new_window("tab")
    for script in scripts:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    return driver.current_window_handle


def crash(driver):
    """Has the tab crash, so that nothing of it runs any more, and goes to the first one."""
    window = driver.current_window_handle
    with contextlib.suppress(WebDriverException):
        driver.execute_cdp_cmd("Page.crash", {})
    driver.close()
    driver.switch_to.window(next(each for each in driver.window_handles if each != window))


def reset(driver):
    """Makes the browser as good as new for the next test."""
    first, *others = driver.window_handles
    for window in others:
        driver.switch_to.window(window)
        driver.close()
    driver.switch_to.window(first)
    go_offline(driver, offline=False)
    block(driver)
    driver.get("about:blank")
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    show(driver)
    driver.get_log("browser")
