"""The limit: a plain Flask route under waitress that answers bytes recorded before.

python bare.py PORT THREADS RECORDED
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import waitress
from flask import Flask, Response, request

app = Flask("bare")
recorded: dict[str, tuple[str, bytes]] = {}
"""Media type and body by path and query."""


@app.get("/<path:path>")
def answer(path: str) -> Response:
    """Answer what was recorded for the address."""
    media_type, body = recorded[f"/{path}?{request.query_string.decode('ascii')}"]
    return Response(body, mimetype=media_type)


if __name__ == "__main__":
    recorded = pickle.loads(Path(sys.argv[3]).read_bytes())
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=int(sys.argv[2]))
