"""Style sheet, script and icon. Pages name their version too, so that browsers need not ask for them again."""

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Scope

from web.rendering import APPEARANCE, FOLDER


class VersionedFiles(StaticFiles):
    """The files, which may be kept for good where the address names the version that is sent."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`. Raises HTTPException 404 where there is none."""
        response = await super().get_response(path, scope)
        if QueryParams(scope["query_string"]).get("v") == APPEARANCE:
            response.headers["Cache-Control"] = "max-age=31536000, immutable"
        return response
