import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { insertCallTranscript } from '../../support/workflows.ts';

const app = createTestApp();
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;
let recordingId: string;

beforeEach(async () => {
  owner = await app.person();
  room = await createRecordableRoom(app, owner, [owner.userId]);
  recordingId = await insertRecording(app, {
    ...room,
    startedAt: new Date(app.clock.now()),
    durationMs: 10_000,
  });
});

const tokenOf = async ({ token } = owner) => {
  const path = `/api/v1/rooms/${room.roomId}/recordings/${recordingId}/playback`;
  return (await app.send('POST', path, { token })).body.token as string;
};
const read = (token: string) => app.send('POST', '/api/v1/playback/transcript', { body: { token } });
const NOT_FOUND = { status: 404, body: { code: 'playback.not_found' } };

/** What captions of the call wrote down from its beginning on, all of it by the owner, each line four seconds. */
async function writeDownCall(lines: readonly string[]): Promise<void> {
  const id = await insertCallTranscript(app, owner, { callId: room.callId }, lines);
  await ownerSql('update transcript_segments set speaker = $2 where transcription_id = $1', [
    id,
    owner.userId,
  ]);
  await ownerSql(`update call_participants set name = 'Ada' where call_id = $1`, [room.callId]);
}

describe('the transcript beside a recording', () => {
  it('is empty without one, and the newest one of the recording that is ready', async () => {
    const token = await tokenOf();
    expect(await read(token)).toMatchObject({ status: 200, body: { segments: [], isComplete: true } });
    const subject = { recordingId };
    await insertCallTranscript(app, owner, subject, ['An older one.']);
    app.clock.advanceSeconds(1);
    await insertCallTranscript(app, owner, subject, ['Good morning.', 'The budget.', 'Later.', 'Too late.']);
    const pending = { state: 'running', endedAt: null } as const;
    await insertCallTranscript(app, owner, subject, ['Not ready.'], pending);
    await writeDownCall(['Of the call.']);
    const said = (atSeconds: number, text: string) => ({ atSeconds, text, isGap: false, speaker: null });
    expect((await read(token)).body.segments).toEqual([
      said(0, 'Good morning.'),
      said(4, 'The budget.'),
      said(8, 'Later.'),
    ]);
    await ownerSql('update transcript_segments set speaker = $2 where organization_id = $1', [
      owner.organizationId,
      owner.userId,
    ]);
    expect((await read(token)).body.segments[0]).toEqual({ ...said(0, 'Good morning.'), speaker: 'Ada' });
  });

  it('is else that of the call, with its speakers, at the time of the recording', async () => {
    // The call began six seconds before the recording: of the first line nothing is in it, of the second one its end.
    await ownerSql('update calls set started_at = $2 where id = $1', [
      room.callId,
      new Date(app.clock.now() - 6_000).toISOString(),
    ]);
    await writeDownCall(['Before.', 'At the beginning.', 'In the middle.']);
    const { body } = await read(await tokenOf());
    expect(body.segments).toEqual([
      { atSeconds: 0, text: 'At the beginning.', isGap: false, speaker: 'Ada' },
      { atSeconds: 2, text: 'In the middle.', isGap: false, speaker: 'Ada' },
    ]);
    await ownerSql('update transcript_segments set speaker = null where organization_id = $1', [
      owner.organizationId,
    ]);
    expect((await read(await tokenOf())).body.segments[0].speaker).toBeNull();
  });

  it('ends with the authority of the one who made the address, and with the recording', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const [mine, theirs] = [await tokenOf(), await tokenOf(admin)];
    await insertCallTranscript(app, owner, { recordingId }, ['Good morning.']);
    expect(await read(theirs)).toMatchObject({ status: 200 });
    await ownerSql('delete from members where user_id = $1', [admin.userId]);
    expect(await read(theirs)).toMatchObject(NOT_FOUND);
    expect(await read(mine)).toMatchObject({ status: 200 });
    await ownerSql("update recordings set state = 'deleted' where id = $1", [recordingId]);
    expect(await read(mine)).toMatchObject(NOT_FOUND);
    expect(await read(owner.token)).toMatchObject(NOT_FOUND);
  });
});
