"""Errors on their way out: one place decides status and form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from errors import BadParameter, CaituError, Message
from layers.filters import FACETS, choice
from web.speech import facet_labels, said

DATA_PREFIXES = ("/export/", "/ogc", "/map/", "/healthz", "/readyz")
"""Addresses read by programs; their errors are problem details (RFC 9457)."""

HTTP_TITLES = {
    404: Message("没有找到这个页面"),
    406: Message("没有这种格式"),
    405: Message("这个地址不支持此操作"),
    416: Message("请求的字节范围无效"),
    500: Message("服务器内部错误"),
}
ADVICE = Message("请检查地址，或从首页重新进入。")
PATIENCE = Message("请稍后再试，或联系管理员。")


def register(app: Flask) -> None:
    """Answer our errors and HTTP errors in the form the caller reads."""
    app.register_error_handler(CaituError, _ours)
    app.register_error_handler(HTTPException, _http)


def _ours(error: CaituError) -> Response:
    extra: dict[str, Any] = {}
    if isinstance(error, BadParameter):
        allowed = [said(item) for item in _allowed(error)]
        extra = {"parameter": error.name, "value": error.value, "allowed": allowed}
    return _answer(error.status, error.title, error.message, extra)


def _allowed(error: BadParameter) -> Sequence[str]:
    """What would have been accepted, with labels in the current language."""
    if error.value is None or error.name not in FACETS or not error.allowed:
        return error.allowed
    labels = facet_labels(error.name).items()
    return [choice(code, label) for code, label in labels]


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    title = HTTP_TITLES.get(error.code, error.name)
    advice = ADVICE if error.code < 500 else PATIENCE
    response = _answer(error.code, title, advice, {})
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value  # Allow, Content-Range
    return response


def _answer(status: int, title: str, detail: str, extra: dict[str, Any]) -> Response:
    title, detail = said(title), said(detail)
    if request.path.startswith(DATA_PREFIXES) or _prefers_json():
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        response = jsonify(body | extra)
        response.mimetype = "application/problem+json"
    else:
        page = render_template("error.html", status=status, title=title, detail=detail, **extra)
        response = make_response(page)
    response.status_code = status
    return response


def _prefers_json() -> bool:
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json"
