"""Break-glass: which file an incident is told from, so that the same command again goes on and tells nobody twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dispatcher.faces.once import once
from dispatcher.faces.preview import Preview, preview
from dispatcher.faces.solo import Apart, apart
from dispatcher.incidents.desk import Order, Say, Told
from dispatcher.ledger import (
    Tx,
    breakglass,
    broadcasts,
    idempotency,
    incidents,
    migrate,
    now,
    optouts,
    recipients,
    snapshot,
)
from dispatcher.ledger.breakglass import Mark, Role, Unfit
from dispatcher.model.incident import State
from dispatcher.model.recipient import Recipient, without
from dispatcher.settings import Settings

#: Seconds after which a snapshot of the people deserves a second thought.
OLD = 86_400.0
#: What the keys of requests are for, in a file.
_SCOPE = "break-glass"
#: Seconds for which a send waits until another one that was given at the same time has made its file.
_PATIENCE = 30.0


def place_of_snapshot(settings: Settings) -> Path:
    """Where the snapshot is kept unless somebody names another place."""
    return settings.home / "break-glass.sqlite3"


@dataclass(frozen=True, slots=True)
class People:
    """People given by hand instead of those of the snapshot, and where they are from."""

    source: str
    people: Sequence[Recipient]


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that is kept in a file. `new` is false when the same was asked before: then its sending goes on."""

    here: Apart
    path: Path
    incident_id: int
    broadcast_id: int
    new: bool


@contextmanager
def opened(
    settings: Settings,
    order: Order,
    say: Say,
    *,
    request: Mapping[str, object],
    key: str | None,
    source: Path,
    people: People | None,
) -> Iterator[Kept]:
    """Open an incident in a new file and hold it; the same request again, while it is of use, finds the file it is in.

    Args:
        settings: Of this installation; its ledger and broker are not used.
        order: What is opened.
        say: What is said about it.
        request: All that was asked.
        key: The caller's key; None makes one of the request.
        source: The snapshot.
        people: Who is told instead of the snapshot's people.

    Raises:
        Unfit: there are no people, or the file of the same request is held by a process or sealed, or another send was
            broken off and is not finished; says what to do.
        Refused: as the desk says; then no new file stays behind.
    """
    key = _digest(request) if key is None else _digest({"key": key})
    with ExitStack() as held:
        # Given twice at once, the second one waits its turn and then finds the file of the first.
        with breakglass.hold(_made_home(settings) / "break-glass", patience=_PATIENCE):
            path = _file_of(settings, key)
            if path is not None:
                here = held.enter_context(_held(settings, path))
                kept = _keep(here, path, key, request, _never)
            else:
                _require_nothing_open(settings)
                path, number = _new_file(settings, source, people)
                here = held.enter_context(_held(settings, path))
                try:
                    here.know_mailboxes()
                    kept = _keep(here, path, key, request, lambda tx: _open(here, tx, order, say, number))
                except BaseException:
                    remove(path)
                    raise
        yield kept


def _open(here: Apart, tx: Tx, order: Order, say: Say, number: int) -> Told:
    breakglass.renumber(tx, here.desk.draft(tx, order).id, number)
    return here.desk.tell(tx, here.desk.find(tx, number), say)


@contextmanager
def said_next(
    settings: Settings, incident_id: int, say: Say, *, request: Mapping[str, object], key: str | None
) -> Iterator[Kept]:
    """Say the next thing about an incident of a file, and hold it.

    The same again goes on with what is open of it; when nothing is, it is the next thing once more.

    Raises:
        Unfit: there is no such file, or it is held by a process or sealed; says what to do.
        Refused, WrongState: as the desk says.
    """
    path = _file_with(settings, incident_id)
    with _held(settings, path) as here:
        if key is None:
            key = f"{_digest(request)}-{_turn(here, incident_id, _digest(request))}"
        yield _keep(
            here, path, key, request, lambda tx: here.desk.tell(tx, here.desk.find(tx, incident_id, lock=True), say)
        )


def previewed(settings: Settings, order: Order, say: Say, folder: Path, source: Path, people: People | None) -> Preview:
    """What `opened` would do; nothing stays but what is written into the folder.

    Raises:
        Unfit, Refused: as `opened`.
    """
    path = folder / "preview.sqlite3"
    fill_file(path, source, people)
    here = apart(settings, path)
    here.know_mailboxes()
    try:
        return preview(here, lambda tx: here.desk.open(tx, order, _past_checks(say)))
    finally:
        here.ledger.close()


def next_previewed(settings: Settings, incident_id: int, say: Say) -> Preview:
    """What `said_next` would do; nothing is kept.

    Raises:
        Unfit, Refused, WrongState: as `said_next`.
    """
    with _held(settings, _file_with(settings, incident_id)) as here:
        return preview(here, lambda tx: here.desk.tell(tx, here.desk.find(tx, incident_id), _past_checks(say)))


def _past_checks(say: Say) -> Say:
    return replace(say, override=say.override or "dry run")


def _file_with(settings: Settings, incident_id: int) -> Path:
    path = settings.home / f"break-glass-{incident_id}.sqlite3"
    if not path.exists():
        raise Unfit(
            f"there is no break-glass incident INC-{incident_id} here ({path}); "
            "leave --break-glass out for an incident of the shared ledger"
        )
    return path


@contextmanager
def gone_on(settings: Settings, path: Path) -> Iterator[Kept]:
    """Hold a file and go on with the newest thing said in it.

    Raises:
        Unfit: it is no such file, or it is held by a process or sealed, or nothing was said in it; says what to do.
    """
    with _held(settings, path) as here:
        with here.ledger.read() as tx:
            told = [one for about in incidents.newest(tx, limit=1) for one in broadcasts.of_incident(tx, about.id)]
        if not told:
            raise Unfit(f"nothing was to be sent from {path}; begin with: dispatcher send PLAYBOOK --break-glass")
        yield Kept(here, path, told[-1].incident_id, told[-1].id, new=False)


def files(settings: Settings) -> list[Path]:
    """The files of this home, newest first. What only has the name of one is left out."""
    return [path for path in _named(settings) if snapshot.is_database(path)]


def no_files(settings: Settings) -> list[Path]:
    """What has the name of such a file and is no database, newest first."""
    return [path for path in _named(settings) if not snapshot.is_database(path)]


def _named(settings: Settings) -> list[Path]:
    return sorted(settings.home.glob("break-glass-*.sqlite3"), reverse=True)


def unfinished(settings: Settings) -> Path:
    """The newest file from which something is still to be sent, else the newest.

    Raises:
        Unfit: there is none.
    """
    known = files(settings)
    for path in known:
        with _look_into(settings, path) as (mark, tx):
            if mark is not None and mark.sealed_at is None and breakglass.has_work(tx):
                return path
    if not known:
        raise Unfit(
            f"there is no break-glass file in {settings.home}; begin with: dispatcher send PLAYBOOK --break-glass"
        )
    return known[0]


def _made_home(settings: Settings) -> Path:
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unfit(
            f"cannot make the folder {settings.home} ({error.strerror}); set DISPATCHER_HOME to one that can be written"
        ) from None
    return settings.home


def _new_file(settings: Settings, source: Path, people: People | None) -> tuple[Path, int]:
    """Make a new file and answer it with the number of its incident, which says when it was made: 2611250313."""
    number = int(now().strftime("%y%m%d%H%M"))
    while True:
        path = settings.home / f"break-glass-{number}.sqlite3"
        try:
            fill_file(path, source, people)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise Unfit(f"cannot make {path} ({error.strerror}); set DISPATCHER_HOME to a folder of yours") from None
        else:
            return path, number


def fill_file(path: Path, source: Path, people: People | None) -> Mark:
    """Make a file with the people in it.

    Who said no stays known from the snapshot, if there is one, also when the people come from elsewhere.

    Raises:
        FileExistsError: it is there already.
        Unfit: there is no snapshot.
    """
    if people is None:
        return snapshot.begin_from(source, path)
    mark = snapshot.begin_from(source, path) if source.exists() else snapshot.begin_empty(path, people.source)
    file = snapshot.ledger_of(path)
    try:
        with file.write() as tx:
            snapshot.forget_people(tx, people.source)
            refused = optouts.among(tx, [one for person in people.people for one in person.addresses.items()])
            recipients.upsert(tx, [without(person, refused) for person in people.people])
    finally:
        file.close()
    return mark


def remove(path: Path) -> None:
    """Take away a file from which nothing is to be sent."""
    for end in ("", "-wal", "-shm", ".lock"):
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextmanager
def _held(settings: Settings, path: Path) -> Iterator[Apart]:
    """Hold a file to send from it. What a process that died held in it is in doubt at once, and looked up."""
    if not path.is_file():
        raise Unfit(f"there is no file {path}")
    if not snapshot.is_database(path):
        raise Unfit(f"{path} is not a SQLite database; begin with: dispatcher send PLAYBOOK --break-glass")
    with breakglass.hold(path):
        here = apart(settings, path)
        try:
            migrate.require_current(here.ledger)
            with here.ledger.write() as tx:
                mark = breakglass.read_mark(tx)
                if mark is None or mark.role is not Role.FILE:
                    raise Unfit(f"{path} is not a break-glass file; begin with: dispatcher send PLAYBOOK --break-glass")
                if mark.sealed_at is not None:
                    raise Unfit(_sealed(path, mark))
                breakglass.end_leases(tx)
            yield here
        finally:
            here.ledger.close()


def _sealed(path: Path, mark: Mark) -> str:
    if mark.merged_at is None:
        return (
            f"{path} was sealed at {mark.sealed_at:%H:%M} UTC to be merged, and that was not finished; "
            f"nothing more is sent from it; run: dispatcher db merge {path}"
        )
    return (
        f"{path} was merged into the ledger at {mark.merged_with}, which sends what was open in it; go on there, "
        "without --break-glass; to tell something else from here, give it another --title"
    )


def _file_of(settings: Settings, key: str) -> Path | None:
    """The file in which the same request was kept and is still of use.

    Raises:
        Unfit: it was kept a short while ago and is not of use any more.
    """
    for path in files(settings):
        with _look_into(settings, path) as (mark, tx):
            before = None if mark is None else idempotency.recall(tx, _SCOPE, key)
            told = before and broadcasts.find(tx, before.response["broadcast"])
            about = told and incidents.find(tx, told.incident_id)
        if mark is None or not told or not about:
            continue
        if told.valid_until > now():
            return path
        recent = (now() - told.created_at).total_seconds() < OLD
        if recent and mark.sealed_at is None and about.state is not State.RESOLVED:
            raise Unfit(
                f"the same was told as {about.label}, and the time of that message has passed. What all shall hear "
                f"now, say with: dispatcher update {about.label} --break-glass. Another incident needs another --title"
            )
    return None


def _require_nothing_open(settings: Settings) -> None:
    """Whoever broke off a send and gives it again with other words would tell those twice who have heard it."""
    for path in files(settings):
        with _look_into(settings, path) as (mark, tx):
            if mark is None or mark.sealed_at is not None:
                continue
            until, about = breakglass.open_until(tx), incidents.newest(tx, limit=1)
        if until is None or until <= now() or _is_held(path):
            continue
        label = about[0].label
        raise Unfit(
            f"{label} is not all sent yet. Go on with it: dispatcher break-glass {path}. Other words for it: "
            f"dispatcher update {label} --break-glass. When nothing more of it shall be sent, move its file out of "
            f"{settings.home}"
        )


def _is_held(path: Path) -> bool:
    try:
        with breakglass.hold(path):
            return False
    except Unfit:
        return True


@contextmanager
def _look_into(settings: Settings, path: Path) -> Iterator[tuple[Mark | None, Tx]]:
    """A file as it is now, also while another process works on it; no mark when it is of another version's form."""
    here = apart(settings, path)
    try:
        fits = migrate.current(here.ledger) == migrate.head()
        with here.ledger.read() as tx:
            yield (breakglass.read_mark(tx) if fits else None), tx
    finally:
        here.ledger.close()


def _turn(here: Apart, incident_id: int, digest: str) -> int:
    """Which thing said this is: the last one again when it was the same and is not out yet, else the next."""
    with here.ledger.read() as tx:
        said = len(broadcasts.of_incident(tx, incident_id))
        before = idempotency.recall(tx, _SCOPE, f"{digest}-{said - 1}")
        return said - 1 if before is not None and breakglass.has_work(tx) else said


def _keep(here: Apart, path: Path, key: str, request: Mapping[str, object], do: Callable[[Tx], Told]) -> Kept:
    def keep(tx: Tx) -> dict[str, int]:
        told = do(tx)
        return {"incident": told.incident.id, "broadcast": told.broadcast.id}

    done, new = once(here.ledger, scope=_SCOPE, key=key, request=request, do=keep)
    return Kept(here, path, done["incident"], done["broadcast"], new)


def _never(_: Tx) -> Told:
    raise RuntimeError("the request was in the file a moment ago and is not there now")


def _digest(request: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
