"""Whether the server runs, and whether it can answer."""

from fastapi import APIRouter, Request

from web.current import CurrentSearcher, live

router = APIRouter()


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request, searcher: CurrentSearcher) -> dict[str, str | None]:
    """Questions are answered, from `snapshot`; 503 where not. `failure` tells why it is not the one `published`."""
    return {
        "status": "ready",
        "snapshot": searcher.snapshot.manifest.snapshot_id,
        "published": live(request).published,
        "failure": live(request).failure,
    }
