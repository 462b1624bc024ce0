import { beforeAll, describe, expect, it } from 'vitest';
import { createCtx, type Ctx } from '../../../src/kernel/context/index.ts';
import { findFilesToShow, listMessages, storeChatEvents } from '../../../src/messaging/chat/index.ts';
import type { ChatEvent, MessageFile } from '../../../src/realtime/protocol/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let app: TestApp;
let meeting: Meeting;
let host: Person;
let guest: Attendee;
let ctx: Ctx;

beforeAll(async () => {
  meeting = await createMeeting();
  ({ app, host } = meeting);
  await meeting.join({ person: host });
  guest = await meeting.guest();
  ctx = createCtx(app.services, {
    actor: { kind: 'system', name: 'live-room', organizationId: host.organizationId },
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

const share = async (query: Record<string, string> = { roomId: meeting.roomId }): Promise<string> =>
  (await uploadFile(app, host.token, { content: 'shared', query })).body.id;
const show = (identity: string, ...fileIds: string[]) =>
  findFilesToShow(ctx, meeting.roomId, identity, fileIds);

/** Gives a file the preview that the service would make. */
async function makePreview(fileId: string): Promise<void> {
  const images = [{ name: 'thumbnail.webp' }];
  const preview = { width: 4, height: 3, durationSeconds: null, blurhash: 'L00000', images };
  const values = [fileId, JSON.stringify(preview)];
  await ownerSql(`update files set preview_status = 'ready', preview = $2 where id = $1`, values);
}
const shown = { image: 'thumbnail.webp', width: 4, height: 3, blurhash: 'L00000' };

let seq = 0;
/** Stores an event of the live room. */
async function store(fields: object): Promise<void> {
  const at = new Date(app.clock.now() + ++seq).toISOString();
  await storeChatEvents(ctx, meeting.roomId, [{ seq, at, ...fields } as unknown as ChatEvent]);
}
/** Stores a message with files. @returns its id */
async function sendWith(files: MessageFile[]): Promise<string> {
  const messageId = app.services.ids.create('message');
  const from = { identity: host.userId, name: 'Host', threadId: null, replyTo: null };
  await store({ type: 'chat.message', messageId, text: 'look', files, ...from });
  return messageId;
}
const filesOf = async (messageId: string, { token }: { token: string } = guest) => {
  const { body } = await app.send('GET', `/api/v1/rooms/${meeting.roomId}/messages`, { token });
  return body.data.find((each: { messageId: string }) => each.messageId === messageId).files;
};

describe('a file to show in the chat', () => {
  it('is one of the room that its sender may read, a guest in the call too', async () => {
    const [one, two] = [await share(), await share()];
    const expected = [two, one].map((fileId) => ({
      fileId,
      name: 'notes.txt',
      contentType: 'text/plain',
      sizeBytes: 6,
      preview: null,
    }));
    expect(await show(host.userId, two, one)).toEqual(expected);
    expect(await show(guest.identity, two, one)).toEqual(expected);
  });

  it('is none that is private, of another room or of none, infected, or not shared with its sender', async () => {
    const shared = await share();
    const isPrivate = await share({ roomId: meeting.roomId, access: 'private' });
    const ofNoRoom = await share({ access: 'organization' });
    const infected = await share();
    await ownerSql(`update files set scan_status = 'infected' where id = $1`, [infected]);
    expect(await show(host.userId, isPrivate, ofNoRoom, infected)).toEqual([]);
    const absent = await app.person({ role: 'member', organizationId: host.organizationId });
    for (const identity of [absent.userId, 'gst_01jd3v7q8gf4kr2x6a0w9mznpe', 'ext_service'])
      expect(await show(identity, shared)).toEqual([]);
    const elsewhere = await createMeeting({}, app);
    expect(await findFilesToShow(ctx, elsewhere.roomId, host.userId, [shared])).toEqual([]);
  });

  it('is none of a person whom a moderator removed', async () => {
    const shared = await share();
    const removed = await meeting.join();
    expect(await show(removed.identity, shared)).toHaveLength(1);
    await meeting.send('DELETE', `/participants/${removed.participantId}`, host);
    expect(await show(removed.identity, shared)).toEqual([]);
  });
});

describe('the history of the chat', () => {
  it('shows the files of a message as they are now: a preview once it is made, of deleted ones the id alone', async () => {
    const fileId = await share();
    const messageId = await sendWith(await show(host.userId, fileId));
    await makePreview(fileId);
    expect(await filesOf(messageId)).toEqual([
      {
        fileId,
        name: 'notes.txt',
        contentType: 'text/plain',
        sizeBytes: 6,
        preview: shown,
      },
    ]);
    const gone = [{ fileId, name: null, contentType: null, sizeBytes: null, preview: null }];
    await app.send('DELETE', `/api/v1/files/${fileId}`, { token: host.token });
    expect(await filesOf(messageId)).toEqual(gone);
    await app.send('POST', `/api/v1/files/${fileId}/restore`, { token: host.token });
    expect(await filesOf(messageId)).toMatchObject([{ name: 'notes.txt' }]);
    await app.send('PATCH', `/api/v1/files/${fileId}`, { token: host.token, body: { access: 'private' } });
    expect(await filesOf(messageId)).toEqual(gone);
  });

  it('has previews for those who may read the file, and the others see its name', async () => {
    const ofMembers = await share({ roomId: meeting.roomId, access: 'organization' });
    const ofCall = await share();
    for (const fileId of [ofMembers, ofCall]) await makePreview(fileId);
    const sent = await show(host.userId, ofMembers, ofCall);
    expect(sent).toMatchObject([{ name: 'notes.txt', preview: null }, { preview: shown }]);
    const messageId = await sendWith(sent);
    expect(await filesOf(messageId, host)).toMatchObject([{ preview: shown }, { preview: shown }]);
    expect(await filesOf(messageId)).toMatchObject([
      { name: 'notes.txt', preview: null },
      { preview: shown },
    ]);
    const absent = await app.person({ role: 'member', organizationId: host.organizationId });
    expect(await filesOf(messageId, absent)).toMatchObject([
      { preview: shown },
      { name: 'notes.txt', preview: null },
    ]);
    const page = await listMessages(ctx, meeting.roomId, { limit: 1 });
    expect(page.data).toMatchObject([{ files: [{ preview: null }, { preview: shown }] }]);
  });

  it('shows none of a deleted message, whose files stay in the room', async () => {
    const fileId = await share();
    const messageId = await sendWith(await show(host.userId, fileId));
    await store({ type: 'chat.deleted', messageId, by: host.userId });
    expect(await filesOf(messageId)).toEqual([]);
    expect(await app.send('GET', `/api/v1/files/${fileId}`, { token: guest.token })).toMatchObject({
      status: 200,
    });
  });
});
