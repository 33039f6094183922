# The contract of the border, checked by stubtest. Arrays are `Any` where a function takes
# whatever the face can coerce.
from collections.abc import Callable
from typing import Any

# threads.rs
def set_thread_limit(limit: int | None) -> int | None: ...
def get_thread_limit() -> int: ...
def wait(
    seconds: float,
    threads: int | None = None,
    deadline: float | None = None,
    progress: Callable[[float], object] | None = None,
) -> bool: ...

# info.rs
def info() -> dict[str, Any]: ...

# products.rs
def dot(
    a: Any, b: Any, out: Any | None = None, overflow: str | None = None, threads: int | None = None
) -> Any: ...
def matmul(
    a: Any, b: Any, out: Any | None = None, overflow: str | None = None, threads: int | None = None
) -> Any: ...
