import pytest


@pytest.fixture(scope="module")
def browser(request):
    """A browser, started with the module's `FLAGS`, if it has some."""
    # What it is made with may be missing, which a module of tests is skipped for.
    from tests.browser import chromium

    flags = getattr(request.module, "FLAGS", ())
    with chromium.playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.EXECUTABLE, args=["--no-sandbox", *flags])
        yield opened
        opened.close()


@pytest.fixture
def opened(request, browser):
    """Opens pages that belong to addresses; whatever one complains of or asks elsewhere fails the test.

    It waits as long as the module's `PATIENCE`, in milliseconds, says.
    """
    from tests.browser import chromium

    wrong, pages = [], []

    def new(*own, **options):
        page = browser.new_page(**options)
        pages.append(page)
        page.set_default_timeout(request.module.PATIENCE)
        chromium.watch(page, wrong, *own)
        return page, wrong

    yield new
    for page in pages:
        page.close()
    assert wrong == []
