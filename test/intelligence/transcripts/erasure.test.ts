import { expect, it } from 'vitest';
import type { CaptionPlan } from '../../../src/intelligence/captions/captions.ports.ts';
import { eraseDueAccounts } from '../../../src/identity/account-deletion/erase-accounts.ts';
import { createTestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

it('a user who is erased is named in no transcript, neither as speaker nor as the one who asked or corrected; the words stay', async () => {
  const plans: CaptionPlan[] = [];
  const app = createTestApp({
    captioner: { run: async (plan) => void plans.push(plan), end: async () => undefined },
  });
  const host = await app.person();
  const gone = await app.person({ role: 'owner', organizationId: host.organizationId });
  const { roomId } = await createRecordableRoom(app, gone);
  const path = `/api/v1/rooms/${roomId}/captions`;
  const { body: captions } = await app.send('PUT', path, { token: gone.token, body: {} });
  await app.drain();
  const said = (position: number, speaker: string, text: string) => ({
    position,
    speaker,
    language: 'en',
    text,
    startSeconds: position,
    endSeconds: position + 1,
    isGap: false,
    words: [],
  });
  await app.send('POST', '/api/v1/captions/reports', {
    headers: { authorization: `Bearer ${plans[0]!.report.token}` },
    body: {
      report: 'a.1',
      segments: [said(0, gone.userId, 'Good mourning.'), said(1, host.userId, 'Welcome.')],
      sentSeconds: 2,
      translatedCharacters: 0,
    },
  });
  const transcript = `/api/v1/ai/transcriptions/${captions.transcriptionId}`;
  const corrected = await app.send('POST', `${transcript}/corrections`, {
    token: gone.token,
    body: { position: 0, text: 'Good morning.' },
  });
  expect(corrected).toMatchObject({ status: 200, body: { correctedBy: gone.userId } });
  await app.send('DELETE', path, { token: host.token });
  await app.drain();

  await ownerSql('update users set deletes_at = $2 where id = $1', [
    gone.userId,
    new Date(app.clock.now() - 1_000),
  ]);
  await eraseDueAccounts(app.services);
  await app.drain();

  const read = async (suffix: string) =>
    (await app.send('GET', `${transcript}${suffix}`, { token: host.token })).body;
  expect((await read('/segments')).data).toMatchObject([
    { speaker: null, text: 'Good morning.', correctedBy: null, correctedAt: corrected.body.correctedAt },
    { speaker: host.userId, text: 'Welcome.' },
  ]);
  expect(await read('')).toMatchObject({ requestedBy: null, state: 'ready' });
  expect((await read('/corrections')).data).toMatchObject([{ correctedBy: null }]);
  expect((await read('/export?format=json')).segments[0]).toMatchObject({ isCorrected: true });
  const tables = ['transcriptions', 'transcript_segments', 'transcript_corrections', 'call_captions'];
  for (const table of tables)
    expect(
      await ownerSql(`select from ${table} t where t::text like $1`, [`%${gone.userId}%`]),
      table,
    ).toEqual([]);
});
