"""Drives the running product through the client that openapi-python-client generates."""

import datetime
import json
import os
import time

from auralink_client import AuthenticatedClient
from auralink_client.api.calls import get_call
from auralink_client.api.joining import join_room
from auralink_client.api.rooms import create_room, list_rooms, update_room
from auralink_client.models import (
    Admission,
    CreateRoomBody,
    CreateRoomBodyScheduleType0,
    JoinRoomBody,
    Problem,
    UpdateRoomBody,
)
from auralink_client.types import UNSET

product = json.loads(os.environ["PRODUCT"])
TAG = f"generated-{os.getpid()}-{time.time_ns()}"


def client_of(credential):
    return AuthenticatedClient(
        base_url=product["api"], token=credential, raise_on_unexpected_status=True
    )


client = client_of(product["token"])
limited_client = client_of(product["limitedKey"])

madrid = datetime.timezone(datetime.timedelta(hours=1))
schedule = CreateRoomBodyScheduleType0(
    starts_at=datetime.datetime(2027, 1, 5, 9, 30, tzinfo=madrid),
    duration_seconds=1800,
    time_zone="Europe/Madrid",
    rrule="FREQ=WEEKLY;BYDAY=TU",
)
made = create_room.sync_detailed(
    client=client, body=CreateRoomBody(name="Room 1", tags=[TAG], schedule=schedule)
)
room = made.parsed
for name in ("Room 2", "Room 3"):
    create_room.sync(client=client, body=CreateRoomBody(name=name, tags=[TAG]))

admission = join_room.sync(room.id, client=client, body=JoinRoomBody(name="Ada"))
assert isinstance(admission, Admission), admission
call = get_call.sync(admission.call_id, client=client)

names = []
pages = 0
cursor = UNSET
while cursor is not None:
    page = list_rooms.sync(client=client, tag=TAG, limit=2, cursor=cursor)
    names += [each.name for each in page.data]
    pages += 1
    cursor = page.next_cursor

etag = made.headers["etag"]
update_room.sync(room.id, client=client, if_match=etag, body=UpdateRoomBody(name="Room 1a"))
stale = update_room.sync_detailed(
    room.id, client=client, if_match=etag, body=UpdateRoomBody(name="Room 1b")
)

limited = list_rooms.sync_detailed(client=limited_client)
for _ in range(5):
    if isinstance(limited.parsed, Problem):
        break
    limited = list_rooms.sync_detailed(client=limited_client)

print(
    json.dumps(
        {
            "startsAt": room.schedule.starts_at.astimezone(datetime.UTC).isoformat(),
            "timeZone": room.schedule.time_zone,
            "joined": admission.status.value,
            "callIsInRoom": call.room_id == room.id,
            "names": names,
            "pages": pages,
            "stale": {"status": int(stale.status_code), "code": stale.parsed.code},
            "limited": {
                "status": int(limited.status_code),
                "code": limited.parsed.code,
                "retryAfterSeconds": int(limited.headers["retry-after"]),
            },
        }
    )
)
