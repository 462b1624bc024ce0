import { beforeAll, expect, it } from 'vitest';
import { recordingChanged } from '../../../src/media/recordings/index.ts';
import { RECORDING_REASONS, type RecordingReason } from '../../../src/media/recordings/recordings.enums.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { publishEvents } from '../../support/workflows.ts';
import { ownerSql } from '../../contract/sql.ts';

const app = createTestApp();
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

beforeAll(async () => {
  owner = await app.person();
  await ownerSql('update users set email_verified = true where id = $1', [owner.userId]);
  room = await createRecordableRoom(app, owner);
});

/** A recording that ended for a reason, and the mails that follow. */
async function mailsAbout(reason: RecordingReason): Promise<string[]> {
  app.mailbox.mails.length = 0;
  const { organizationId, roomId, callId } = room;
  const state = reason === 'not_listed' ? 'lost' : 'failed';
  const requestedBy = owner.userId;
  const row = { organizationId, roomId, callId, state, reason, requestedBy } as const;
  const recordingId = await insertRecording(app, row);
  await publishEvents(app, organizationId, [
    recordingChanged.of({ recordingId, roomId, callId, state, reason }),
  ]);
  await app.drain();
  return app.mailbox.mails.map(({ text }) => text);
}

/** What nothing failed of: somebody stopped it before it began, or its file is there although it was cut. */
const NO_FAILURES: readonly RecordingReason[] = ['stopped_before_start', 'limit_reached'];
const FAILURES = RECORDING_REASONS.filter((reason) => !NO_FAILURES.includes(reason));

it.each(FAILURES)('a recording that failed for %s reaches the person concerned, once', async (reason) => {
  const mails = await mailsAbout(reason);
  expect(mails).toEqual([
    expect.stringMatching(/The recording of "Room" of .+ was asked for at .+ UTC, failed: .{15,}\./),
  ]);
});

it('each reason has a text of its own', async () => {
  const texts = [];
  for (const reason of FAILURES) texts.push(...(await mailsAbout(reason)));
  expect(new Set(texts.map((text) => text.split('failed: ')[1])).size).toBe(FAILURES.length);
});

it.each(NO_FAILURES)('a recording that ended for %s is no failure', async (reason) => {
  expect(await mailsAbout(reason)).toEqual([]);
});
