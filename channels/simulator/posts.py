"""Posts that can be deleted, as every social network has them."""

from __future__ import annotations

from dataclasses import dataclass

from channels.simulator.gate import Core
from channels.simulator.store import Held


@dataclass(slots=True, kw_only=True)
class Post(Held):
    deleted: bool = False


def take_back(core: Core, post: Post, number: int) -> None:
    """Delete it, and note that it was done by this request."""
    post.deleted = True
    post.status = "deleted"
    core.store.hold(
        Held(
            provider=post.provider,
            kind="delete",
            to=post.to,
            body=post.body,
            ref=f"{post.ref}#deleted",
            at=core.now(),
            status="deleted",
            request=number,
            metadata={"id": post.ref},
        )
    )
