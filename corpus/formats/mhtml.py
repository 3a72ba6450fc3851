"""Web pages saved with all they show (MHTML): a mail whose root part is the page."""

from email.message import Message

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.eml import header, parse_mail
from corpus.formats.html import work_of_page
from corpus.formats.page_metadata import absolute_url
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Work

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def read(content: SourceContent) -> list[Work]:
    """One work, as `corpus.formats.html` reads the page.

    What the browser noted counts after what the page declares; the day of saving is no date of publication. Raises
    DocumentError `mhtml` when no web page is in the file.
    """
    archive = parse_mail(content.data)
    page = _root(archive)
    payload = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(payload, bytes):
        raise DocumentError("mhtml", "no saved web page is in it; save the page anew, as MHTML or HTML")
    work = work_of_page(payload, page.get_content_charset())
    address = header(archive, "Snapshot-Content-Location") or header(page, "Content-Location")
    noted = Metadata(title=header(archive, "Subject"), url=absolute_url(address))
    return [Work((*work.claims, Claim(Origin.PAGE_METADATA, noted)), work.blocks)]


def _root(archive: Message) -> Message | None:
    """The part that is said to be the root, else the first page; the others are frames inside it."""
    pages = [part for part in archive.walk() if part.get_content_type() in _PAGES]
    start = archive.get_param("start")
    return next((page for page in pages if start and header(page, "Content-ID") == start), next(iter(pages), None))
