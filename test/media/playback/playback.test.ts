import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createCalls } from '../../support/calls.ts';
import { uploadFile } from '../../support/files.ts';
import { createMeeting } from '../../support/meeting.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';

const app = createTestApp();
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;
let recordingId: string;
let startedAt: number;

const at = (seconds: number) => new Date(startedAt + seconds * 1_000).toISOString();
const create = (token = owner.token) =>
  app.send('POST', `/api/v1/rooms/${room.roomId}/recordings/${recordingId}/playback`, { token });
const open = (token: string) => app.send('POST', '/api/v1/playback', { body: { token } });
const messages = (token: string) => app.send('POST', '/api/v1/playback/messages', { body: { token } });
const tokenOf = async (token = owner.token) => (await create(token)).body.token as string;
beforeEach(async () => {
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  startedAt = app.clock.now();
  recordingId = await insertRecording(app, { ...room, startedAt: new Date(startedAt), durationMs: 600_000 });
});

const NOT_FOUND = { status: 404, body: { code: 'playback.not_found' } };

/** Somebody who was connected to the call, and what the ledger has of them. */
async function attend(name: string, present: [number, number | null], sharing?: [number, number | null]) {
  const { organizationId, roomId } = room;
  const [call] = await createCalls(app, [
    {
      organizationId,
      roomId,
      status: 'ended',
      endedAt: new Date(startedAt),
      endReason: 'empty',
      participants: [{ identity: `gst_${name}`, name, joinedAt: new Date(at(present[0])) }],
    },
  ]);
  const participantId = call!.participantIds[0]!;
  await ownerSql('update call_participants set call_id = $1 where id = $2', [room.callId, participantId]);
  const time = (seconds: number | null) => (seconds === null ? null : at(seconds));
  await ownerSql(
    `insert into call_connections (organization_id, call_id, sid, participant_id, name, joined, joined_at, left_at, connected, evidence, version)
     values ($1, $2, $3, $4, $5, '{}', $6, $7, true, '{}', 1)`,
    [organizationId, room.callId, `PA_${name}`, participantId, name, time(present[0]), time(present[1])],
  );
  if (sharing)
    await ownerSql(
      `insert into call_tracks (organization_id, call_id, sid, connection_sid, participant_id, kind, source, published, published_at, unpublished_at, evidence, version)
       values ($1, $2, $3, $4, $5, 'video', 'screen_share', '{}', $6, $7, '{}', 1)`,
      [
        organizationId,
        room.callId,
        `TR_${name}`,
        `PA_${name}`,
        participantId,
        time(sharing[0]),
        time(sharing[1]),
      ],
    );
}

async function say(text: string, seconds: number, deletedAt: string | null = null) {
  await ownerSql(
    `insert into chat_messages (id, organization_id, room_id, identity, name, text, sent_at, deleted_at, changed_at)
     values ($1, $2, $3, 'gst_ada', 'Ada', $4, $5, $6, $5)`,
    [app.services.ids.create('message'), room.organizationId, room.roomId, text, at(seconds), deletedAt],
  );
}

describe('a playback', () => {
  it('shows nothing of a hold, of other people’s ids or of where it is stored', async () => {
    await ownerSql(
      "update recordings set state = 'held', held_by = 'usr_1', held_for = 'A claim' where id = $1",
      [recordingId],
    );
    const { body } = await open(await tokenOf());
    expect(Object.keys(body.recording)).toEqual(['id', 'kind', 'startedAt', 'durationSeconds', 'sizeBytes']);
  });

  it('has the people who were there while it was recorded, however many came before', async () => {
    const { organizationId, roomId } = room;
    const early = new Date(at(-600));
    const participants = Array.from({ length: 201 }, (_, i) => ({
      identity: `gst_${i}`,
      name: `${i}`,
      joinedAt: early,
    }));
    const [call] = await createCalls(app, [
      {
        organizationId,
        roomId,
        status: 'ended',
        endedAt: new Date(startedAt),
        endReason: 'empty',
        participants,
      },
    ]);
    await ownerSql('update call_participants set call_id = $1 where call_id = $2', [
      room.callId,
      call!.callId,
    ]);
    await attend('Ada', [0, null]);
    const { body } = await open(await tokenOf());
    expect(body.people.map((person: Record<string, unknown>) => person.name)).toEqual(['Ada']);
  });

  it('has the file for an hour, the people who were in the call, and chapters', async () => {
    await attend('Ada', [-30, null], [60, 120]);
    await attend('Bob', [200, 400]);
    await attend('Eve', [-300, -200]);
    await attend('Recorder', [0, null]);
    await ownerSql("update call_participants set role = 'observer' where name = 'Recorder'");
    const made = await create();
    expect(made).toMatchObject({ status: 200, body: { expiresAt: at(4 * 3_600) } });
    expect(made.body.url).toBe(`${app.services.config.PUBLIC_URL}/playback#${made.body.token}`);
    const { status, body } = await open(made.body.token);
    expect([status, body.roomName, body.recording.id]).toEqual([200, 'Room', recordingId]);
    expect(body.media.url).toContain('X-Amz-Expires=3600');
    expect(body.people.map((person: Record<string, unknown>) => [person.name, person.present])).toEqual([
      ['Ada', [{ fromSeconds: 0, toSeconds: 600 }]],
      ['Bob', [{ fromSeconds: 200, toSeconds: 400 }]],
    ]);
    expect(
      body.chapters.map((chapter: Record<string, unknown>) => [chapter.atSeconds, chapter.type]),
    ).toEqual([
      [0, 'start'],
      [60, 'screen_share_started'],
      [120, 'screen_share_ended'],
      [200, 'participant_joined'],
      [400, 'participant_left'],
    ]);
  });

  it('has the messages that were sent during the recording and are not deleted, in their order', async () => {
    await say('before', -1);
    await say('second', 20);
    await say('first', 10);
    await say('deleted', 30, at(40));
    await say('after', 600);
    const { body } = await messages(await tokenOf());
    expect(body).toMatchObject({ isComplete: true });
    expect(
      body.messages.map((message: Record<string, unknown>) => [message.text, message.atSeconds]),
    ).toEqual([
      ['first', 10],
      ['second', 20],
    ]);
  });

  it('has the files of messages: an address of those that its maker may read now, the id alone of one that is gone', async () => {
    const share = async (content: string, access: string) => {
      const query = { roomId: room.roomId, access };
      const { body } = await uploadFile(app, owner.token, { content, name: 'plan.txt', query });
      return body.id as string;
    };
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const [open, gone] = [await share('the plan', 'organization'), await share('a draft', 'organization')];
    await app.drain();
    await app.send('DELETE', `/api/v1/files/${gone}`, { token: owner.token });
    await say('The plan', 10);
    await ownerSql('update chat_messages set file_ids = $1::jsonb where room_id = $2', [
      JSON.stringify([open, gone]),
      room.roomId,
    ]);
    const token = await tokenOf(admin.token);
    const [message] = (await messages(token)).body.messages;
    expect(message.files).toEqual([
      { fileId: open, name: 'plan.txt', contentType: 'text/plain', sizeBytes: 8, url: expect.any(String) },
      { fileId: gone, name: null, contentType: null, sizeBytes: null, url: null },
    ]);
    const { pathname } = new URL(message.files[0].url as string);
    expect(await app.send('GET', pathname)).toMatchObject({ status: 200, body: 'the plan' });
    await ownerSql('delete from members where user_id = $1', [admin.userId]);
    expect(await app.send('GET', pathname)).toMatchObject({ status: 404 });
  });

  it('has no address of a file that its maker may not read, or that is not scanned yet', async () => {
    const upload = async (access: string) => {
      const query = { roomId: room.roomId, access };
      return (await uploadFile(app, owner.token, { content: access, query })).body.id as string;
    };
    const later = await upload('organization');
    await say('Mine', 10);
    await ownerSql('update chat_messages set file_ids = $1::jsonb where room_id = $2', [
      JSON.stringify([later]),
      room.roomId,
    ]);
    const first = async () => (await messages(await tokenOf())).body.messages[0].files[0];
    expect(await first()).toMatchObject({ fileId: later, url: null });
    await app.drain();
    expect(await first()).toMatchObject({ fileId: later, url: expect.any(String) });
    await ownerSql("update files set scan_status = 'infected' where id = $1", [later]);
    expect(await first()).toMatchObject({ name: null, url: null });
  });

  it('leaves an entry in the audit log when its address is made', async () => {
    await create();
    const entries = await ownerSql(
      "select after from audit_logs where action = 'recording.playback_created' and organization_id = $1",
      [room.organizationId],
    );
    expect(entries).toEqual([{ after: { recordingId } }]);
  });

  it('of a recording that is not ready has no address', async () => {
    await ownerSql("update recordings set state = 'failed' where id = $1", [recordingId]);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'recordings.not_ready' } });
  });
});

describe('a playback address', () => {
  it('works for four hours', async () => {
    const token = await tokenOf();
    app.clock.advanceSeconds(4 * 3_600 - 1);
    expect(await open(token)).toMatchObject({ status: 200 });
    app.clock.advanceSeconds(2);
    expect(await open(token)).toMatchObject(NOT_FOUND);
    expect(await messages(token)).toMatchObject(NOT_FOUND);
  });

  it('ends with the recording', async () => {
    const token = await tokenOf();
    await ownerSql("update recordings set state = 'deleted' where id = $1", [recordingId]);
    expect(await open(token)).toMatchObject(NOT_FOUND);
  });

  it.each([
    "update members set role = 'member' where user_id = $1",
    'delete from members where user_id = $1',
  ])('ends with the authority of the one who made it: %s', async (change) => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const token = await tokenOf(admin.token);
    expect(await open(token)).toMatchObject({ status: 200 });
    await ownerSql(change, [admin.userId]);
    expect(await open(token)).toMatchObject(NOT_FOUND);
    expect(await messages(token)).toMatchObject(NOT_FOUND);
  });

  it('is refused when it is no token of a playback', async () => {
    const [head, claims] = (await tokenOf()).split('.');
    for (const token of [owner.token, `${head}.${claims}.AAAA`])
      expect(await open(token)).toMatchObject(NOT_FOUND);
  });

  it('is made by members only, not by guests', async () => {
    const meeting = await createMeeting({ features: { recording: true } }, app);
    const guest = await meeting.guest({ role: 'host', link: { enableRecording: true } });
    const { organizationId } = meeting.host;
    const id = await insertRecording(app, { organizationId, roomId: meeting.roomId, callId: guest.callId });
    expect((await meeting.send('POST', `/recordings/${id}/playback`, guest)).status).toBe(403);
  });

  it('leads to a page that holds nothing and plays media of every origin', async () => {
    const { status, headers, body } = await app.send('GET', '/playback');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toContain("media-src 'self' https:");
    expect(body).toContain('/assets/playback.js');
  });
});
