import { beforeEach, describe, expect, it } from 'vitest';
import { storeChatEvents } from '../../../src/messaging/chat/index.ts';
import type { ChatEvent } from '../../../src/realtime/protocol/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { openSystemCtx } from '../../support/moderation.ts';

let app: TestApp;
let host: Person;
let ben: Person;
let roomId: string;
let seq: number;
const RULES = [
  { name: 'Gossip', words: ['rumour'], action: 'flag' },
  { name: 'Insults', words: ['blockhead'], action: 'hide' },
];

beforeEach(async () => {
  seq = 0;
  app = createTestApp();
  host = await app.person();
  ben = await app.person({ role: 'member', organizationId: host.organizationId });
  const { token } = host;
  const body = { rules: RULES };
  expect(await app.send('PUT', '/api/v1/moderation/policy', { token, body })).toMatchObject({ status: 200 });
  roomId = (await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Standup' } })).body.id;
});

async function write(text: string, identity = ben.userId): Promise<string> {
  const messageId = app.services.ids.create('message');
  const at = new Date(app.clock.now() + ++seq).toISOString();
  const message = { type: 'chat.message', messageId, identity, name: 'Ben', text };
  const event = { ...message, threadId: null, replyTo: null, seq, at } as ChatEvent;
  const afterwards: Promise<unknown>[] = [];
  await storeChatEvents(openSystemCtx(app, host, afterwards), roomId, [event]);
  await Promise.all(afterwards);
  await app.drain();
  return messageId;
}
const insertFlags = (identity: string, count: number) =>
  ownerSql(
    `insert into moderation_reviews (id, organization_id, room_id, subject, subject_key, identity, name, text, file_ids,
       action, rule, phrase, muted, state, measure, created_at)
     select 'mdr_' || md5($2 || $3 || n), $1, $2, 'chat', $3 || n, $3, 'X', '', '[]',
       'flag', 'Gossip', 'rumour', false, 'open', 'none', now() from generate_series(1, $4::int) n`,
    [host.organizationId, roomId, identity, count],
  );
const reviewed = async () => {
  const rows = await ownerSql(
    `select text from moderation_reviews where room_id = $1 and text <> '' order by text`,
    [roomId],
  );
  return rows.map(({ text }) => text);
};

describe('open reviews', () => {
  it('are at most 20 of one author for what is only flagged; others are flagged, and what hides still hides', async () => {
    await insertFlags(ben.userId, 19);
    for (const text of ['A rumour', 'B rumour', 'C blockhead']) await write(text);
    const eve = await app.person({ role: 'member', organizationId: host.organizationId });
    await write('D rumour', eve.userId);
    expect(await reviewed()).toEqual(['A rumour', 'C blockhead', 'D rumour']);
  });

  it('of a room that is full of flags keep nothing from being hidden', async () => {
    await insertFlags('gst_x', 1_000);
    await write('A rumour');
    const messageId = await write('B blockhead');
    expect(await reviewed()).toEqual(['B blockhead']);
    const deleted = app.liveRooms.appliedCommands.filter(({ command }) => command.type === 'chat.delete');
    expect(deleted[0]).toMatchObject({ roomId, command: { messageId } });
  });

  it('are also of answers to questions, but of nothing else that the product posts', async () => {
    await write('A rumour', 'agt_~answers');
    await write('B rumour', 'agt_~workflow');
    expect(await reviewed()).toEqual(['A rumour']);
  });
});

describe('hosts and moderators whom a policy exempts', () => {
  const isKept = async (text: string, identity: string) => {
    await write(text, identity);
    return !(await reviewed()).includes(text);
  };

  it('are those of the room, also when no call is open', async () => {
    expect(await isKept('A blockhead', host.userId)).toBe(true);
    expect(await isKept('B blockhead', ben.userId)).toBe(false);
  });

  it('are those of the call in which they wrote, also when it ended a moment later', async () => {
    await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: ben.token, body: {} });
    await ownerSql(`update call_participants set role = 'moderator' where identity = $1`, [ben.userId]);
    const endedAt = new Date(app.clock.now() + 60_000);
    await ownerSql(
      `update calls set status = 'ended', ended_at = $2, end_reason = 'closed' where room_id = $1`,
      [roomId, endedAt],
    );
    expect(await isKept('A blockhead', ben.userId)).toBe(true);
    app.clock.advanceSeconds(120);
    expect(await isKept('B blockhead', ben.userId)).toBe(false);
  });
});
