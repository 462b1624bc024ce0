import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/realtime/protocol/index.ts';
import { findMessage, storeChatEvents } from '../../../src/messaging/chat/index.ts';
import { createCtx, type Ctx } from '../../../src/kernel/context/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let ada: Person;
let roomId: string;
let ctx: Ctx;
let seq: number;

beforeEach(async () => {
  app = createTestApp();
  ada = await app.person();
  seq = 0;
  const { organizationId } = ada;
  const made = await app.send('POST', '/api/v1/rooms', { token: ada.token, body: { name: 'Standup' } });
  expect(made).toMatchObject({ status: 201 });
  roomId = made.body.id;
  ctx = createCtx(app.services, {
    actor: { kind: 'system', name: 'live-room', organizationId },
    origin: {
      requestId: 'req_test_0001',
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });
});

/** An event as the live room writes it, each later than the one before. */
function event<T extends ChatEvent['type']>(
  type: T,
  fields: Omit<Extract<ChatEvent, { type: T }>, 'type' | 'seq' | 'at'>,
): ChatEvent {
  const at = new Date(app.clock.now() + ++seq).toISOString();
  return { type, seq, at, ...fields } as unknown as ChatEvent;
}

const message = (text: string, rest: { threadId?: string; identity?: string } = {}) => {
  const { threadId = null, identity = ada.userId } = rest;
  const messageId = app.services.ids.create('message');
  return event('chat.message', { messageId, identity, name: 'Ada', text, threadId, replyTo: threadId });
};
const storeEvents = (...events: ChatEvent[]) => storeChatEvents(ctx, roomId, events);
const list = (query = '', token = ada.token) =>
  app.send('GET', `/api/v1/rooms/${roomId}/messages${query}`, { token });
const read = async (query = '') => (await list(query)).body.data;

describe('the stored chat', () => {
  it('is listed newest first, with reactions, edits and deletions', async () => {
    const [one, two, three] = [message('one'), message('two'), message('three')];
    const react = (identity: string, emoji: string, on = true) =>
      event('chat.reaction', { messageId: one.messageId, identity, emoji, on });
    await storeEvents(one, two, three);
    await storeEvents(
      event('chat.edited', { messageId: two.messageId, identity: ada.userId, text: 'zwei' }),
      event('chat.deleted', { messageId: three.messageId, by: ada.userId }),
      react('gst_b', '👍'),
      react('gst_c', '👍'),
      react('gst_b', '🎉'),
      react('gst_b', '🎉', false),
    );
    expect(await read()).toMatchObject([
      { messageId: three.messageId, text: '', deletedAt: expect.any(String), reactions: [] },
      { messageId: two.messageId, text: 'zwei', editedAt: expect.any(String), deletedAt: null },
      {
        messageId: one.messageId,
        identity: ada.userId,
        name: 'Ada',
        text: 'one',
        sentAt: one.at,
        reactions: [{ emoji: '👍', identities: ['gst_b', 'gst_c'] }],
      },
    ]);
  });

  it('stores at most ten different emoji of one person on a message, and changes of those', async () => {
    const one = message('one');
    await storeEvents(one);
    const react = (at: number, on = true) =>
      storeEvents(
        event('chat.reaction', {
          messageId: one.messageId,
          identity: 'gst_b',
          emoji: String.fromCodePoint(0x1f400 + at),
          on,
        }),
      );
    for (let at = 0; at < 12; at++) await react(at);
    expect((await read())[0]!.reactions).toHaveLength(10);
    await react(0, false);
    await react(11);
    expect((await read())[0]!.reactions).toHaveLength(9);
  });

  it('stores each event once, however often and in whatever batches it arrives', async () => {
    const one = message('one');
    const edits = ['two', 'three'].map((text) =>
      event('chat.edited', { messageId: one.messageId, identity: ada.userId, text }),
    );
    const emoji = { messageId: one.messageId, identity: 'gst_b', emoji: '👍' };
    const [on, off] = [true, false].map((on) => event('chat.reaction', { ...emoji, on }));
    const all = [one, ...edits, on!, off!];
    await storeEvents(...all);
    const first = await read();
    await storeEvents(...all);
    await storeEvents(one);
    await storeEvents(one, edits[0]!);
    await storeEvents(on!);
    expect(await read()).toEqual(first);
    expect(first).toMatchObject([{ text: 'three', reactions: [] }]);
  });

  it('keeps a message deleted, whatever arrives late', async () => {
    const one = message('one');
    const edited = event('chat.edited', { messageId: one.messageId, identity: ada.userId, text: 'two' });
    const liked = event('chat.reaction', {
      messageId: one.messageId,
      identity: 'gst_b',
      emoji: '👍',
      on: true,
    });
    await storeEvents(one, edited, liked);
    await storeEvents(event('chat.deleted', { messageId: one.messageId, by: ada.userId }));
    await storeEvents(one, edited, liked);
    expect(await read()).toMatchObject([{ text: '', reactions: [] }]);
    expect(await findMessage(ctx, roomId, one.messageId)).toMatchObject({ deleted: true });
  });

  it('reaches the final state although the live room removed replaced texts from earlier events', async () => {
    const [one, two] = [message('better'), message('')];
    const edit = (messageId: string, text: string) =>
      event('chat.edited', { messageId, identity: ada.userId, text });
    await storeEvents(one, two, edit(one.messageId, ''), edit(two.messageId, ''));
    expect(await read()).toMatchObject([
      { text: '', editedAt: null },
      { text: 'better', editedAt: null },
    ]);
    const last = edit(one.messageId, 'better');
    await storeEvents(last, event('chat.deleted', { messageId: two.messageId, by: ada.userId }));
    expect(await read()).toMatchObject([
      { messageId: two.messageId, text: '', deletedAt: expect.any(String) },
      { messageId: one.messageId, text: 'better', editedAt: last.at, deletedAt: null },
    ]);
  });

  it('ignores an edit whose text a later one has replaced', async () => {
    const one = message('one');
    await storeEvents(one);
    await storeEvents(event('chat.edited', { messageId: one.messageId, identity: ada.userId, text: '' }));
    expect(await read()).toMatchObject([{ text: 'one', editedAt: null }]);
  });

  it('stores nothing for a room that does not exist or belongs to another organization', async () => {
    const other = await app.person();
    const { body } = await app.send('POST', '/api/v1/rooms', {
      token: other.token,
      body: { name: 'Theirs' },
    });
    const stray = message('stray');
    await storeChatEvents(ctx, body.id, [stray]);
    await storeChatEvents(ctx, app.services.ids.create('room'), [message('lost')]);
    expect(await ownerSql('select id from chat_messages where id = $1', [stray.messageId])).toEqual([]);
  });

  it('links a message to its sender if they are a user of the organization', async () => {
    const [own, guest, outsider] = [
      message('own'),
      message('guest', { identity: app.services.ids.create('guest') }),
      message('outsider', { identity: (await app.person()).userId }),
    ];
    await storeEvents(own, guest, outsider);
    const rows = await ownerSql('select user_id from chat_messages where room_id = $1 order by sent_at', [
      roomId,
    ]);
    expect(rows).toEqual([{ user_id: ada.userId }, { user_id: null }, { user_id: null }]);
  });

  it('writes one event for each type of change in a batch', async () => {
    const [one, two] = [message('one'), message('two')];
    await storeEvents(one, two, event('chat.deleted', { messageId: two.messageId, by: ada.userId }));
    const rows = await ownerSql<{ type: string; payload: unknown }>(
      `select type, payload from outbox where organization_id = $1 and type like 'chat.%' order by seq`,
      [ada.organizationId],
    );
    expect(rows).toEqual([
      { type: 'chat.message_sent', payload: { roomId, messageIds: [one.messageId, two.messageId] } },
      { type: 'chat.message_deleted', payload: { roomId, messageIds: [two.messageId] } },
    ]);
    expect(await app.drain()).toBeGreaterThan(0);
  });
});

describe('listing messages', () => {
  it('returns stable pages while messages are added', async () => {
    const texts = Array.from({ length: 7 }, (_each, i) => `message ${i}`);
    await storeEvents(...texts.map((text) => message(text)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(`?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.body.data.map(({ text }: { text: string }) => text));
      await storeEvents(message('added later'));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(texts.toReversed());
  });

  it('of a thread includes its first message', async () => {
    const root = message('root');
    await storeEvents(root, message('aside'));
    await storeEvents(message('reply', { threadId: root.messageId }));
    expect((await read(`?threadId=${root.messageId}`)).map(({ text }: { text: string }) => text)).toEqual([
      'reply',
      'root',
    ]);
  });

  it('answers 404 to another organization', async () => {
    await storeEvents(message('secret'));
    const outsider = await app.person();
    expect(await list('', outsider.token)).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
    expect(await findMessage(ctx, app.services.ids.create('room'), message('x').messageId)).toBeNull();
  });

  it('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify({ after: 'org_1' })).replaceAll('=', '');
    expect(await list(`?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid_cursor' },
    });
  });

  it.each(['253402300800000', '999999999999999'])(
    'refuses a cursor at %s ms, after the year 9999',
    async (ms) => {
      const cursor = btoa(JSON.stringify({ after: `${ms}.msg_01jd3v7q8gf4kr2x6a0w9mznpe` })).replaceAll(
        '=',
        '',
      );
      expect(await list(`?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid_cursor' },
      });
    },
  );
});

describe('a guest in the chat', () => {
  const guest = async (enableChat: boolean) => {
    const body = { roomId, type: 'room', access: 'public', enableChat };
    const link = await app.send('POST', '/api/v1/links', { token: ada.token, body });
    expect(link).toMatchObject({ status: 201 });
    const joined = await app.send('POST', `/api/v1/links/${link.body.code}/join`, { body: { name: 'Eve' } });
    expect(joined).toMatchObject({ status: 200 });
    return { guestId: joined.body.identity as string, token: joined.body.guestTicket as string };
  };

  it('reads the chat of their room and of no other', async () => {
    await storeEvents(message('hello'));
    const { token } = await guest(true);
    expect(await list('', token)).toMatchObject({ status: 200, body: { data: [{ text: 'hello' }] } });
    const other = await app.send('POST', '/api/v1/rooms', { token: ada.token, body: { name: 'Other' } });
    expect(await app.send('GET', `/api/v1/rooms/${other.body.id}/messages`, { token })).toMatchObject({
      status: 404,
    });
  });

  it('is refused when the link does not include the chat', async () => {
    const { token } = await guest(false);
    expect(await list('', token)).toMatchObject({ status: 403, body: { code: 'chat.not_allowed' } });
  });

  it('is refused after being removed', async () => {
    const { token, guestId } = await guest(true);
    await ownerSql('update room_people set removed_at = now() where room_id = $1 and identity = $2', [
      roomId,
      guestId,
    ]);
    expect(await list('', token)).toMatchObject({ status: 403, body: { code: 'chat.not_allowed' } });
  });
});
