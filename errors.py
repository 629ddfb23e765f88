"""One small hierarchy: every error knows its HTTP status and says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Message(str):
    """A sentence for the user, in Chinese, that can still be said in another language.

    Parameters
    ----------
    template
        The sentence; ``%(name)s`` stands for a value.
    **values
        By name. What is a `Message` itself is translated with it.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Message:  # noqa: ANN401
        """Say it in Chinese."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


class CaituError(Exception):
    """Base of all errors that are shown to a user.

    Parameters
    ----------
    message
        What is wrong and what to do about it; a `Message` where pages show it.
    """

    status = 500
    title: str = Message("服务器内部错误")

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DataError(CaituError):
    """A table or file of ours does not keep its contract."""

    title = Message("数据有误")


class PortInUse(CaituError):
    """The address to listen on belongs to another program."""

    title = Message("端口已被占用")


class NotFound(CaituError):
    """The thing asked for is not in the published snapshot."""

    status = 404
    title = Message("没有找到")


class BadParameter(CaituError):
    """A query parameter, or its value, is not one we know.

    Parameters
    ----------
    name
        The parameter as it was given.
    value
        Its value, or None where the parameter itself is unknown.
    allowed
        What would have been accepted, in reading order.
    reason
        Overrides the sentence derived from the others.
    """

    status = 400
    title = Message("查询条件有误")

    def __init__(
        self, name: str, value: str | None, allowed: Sequence[str], reason: str = ""
    ) -> None:
        self.name = name
        self.value = value
        self.allowed = tuple(allowed)
        if reason:
            message = reason
        elif value is None:
            message = Message("没有名为“%(name)s”的查询参数，请改用下列参数之一。", name=name)
        else:
            message = Message(
                "参数 %(name)s 不接受“%(value)s”，请改用下列值之一。", name=name, value=value
            )
        super().__init__(message)
