import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { beforeAll, expect, it } from 'vitest';
import {
  roomBaseFrames,
  ROOM_CLOSE_CODES,
  roomChannel,
  type RoomServerFrame,
  roomServerFrames,
} from '../../../src/realtime/protocol/index.ts';
import { createTestApp } from '../../support/app.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import { sendForAnswer, applyCommand } from '../../support/room-helpers.ts';

interface Message {
  name: string;
  payload: object;
}

interface Document {
  asyncapi: string;
  info: { version: string };
  servers: { public: object };
  channels: Record<string, { address: string; messages: Record<string, object>; 'x-close-codes': object[] }>;
  operations: Record<string, { action: string; messages: object[] }>;
  components: { messages: Record<string, Message> };
}

let document: Document;

beforeAll(async () => {
  const answer = await createTestApp().send('GET', '/asyncapi.json');
  expect(answer).toMatchObject({ status: 200 });
  document = answer.body;
});

const typeOf = ({ shape }: { shape: { type: { value: string } } }) => shape.type.value;

it('is a valid AsyncAPI 3.0 document', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(specs.schemasWithoutId['3.0.0']);
  expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5), null, 2)).toBe(true);
});

/** The paths of the fields without a description; `type` names the frame and needs none. */
function* findUndescribed(schema: unknown, path: string): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key !== 'properties') {
      yield* findUndescribed(value, path);
      continue;
    }
    for (const [name, field] of Object.entries(value as Record<string, { description?: string }>)) {
      if (field.description === undefined && name !== 'type') yield `${path}.${name}`;
      yield* findUndescribed(field, `${path}.${name}`);
    }
  }
}

it('describes every field of every frame', () => {
  const { messages } = document.components;
  const found = Object.entries(messages).flatMap(([name, { payload }]) => [
    ...findUndescribed(payload, name),
  ]);
  expect(found).toEqual([]);
});

it('has the version of the API, as the OpenAPI document does', async () => {
  const { body } = await createTestApp().send('GET', '/openapi.json');
  expect(document.info.version).toBe(body.info.version);
});

it('lists every frame of the room under the side that sends it', () => {
  const { channels, operations } = document;
  expect(channels.room).toMatchObject({ address: '/api/v1/rooms/{roomId}/socket' });
  const names = Object.keys(channels.room!.messages);
  for (const frame of roomBaseFrames) expect(names).toContain(`room.client.${typeOf(frame as never)}`);
  for (const frame of roomServerFrames) expect(names).toContain(`room.server.${typeOf(frame as never)}`);
  expect(operations['room.client']).toMatchObject({ action: 'receive' });
  expect(operations['room.server']!.messages).toHaveLength(roomServerFrames.length);
  expect(channels.room!['x-close-codes']).toHaveLength(Object.keys(ROOM_CLOSE_CODES).length);
});

it('contains everything that it refers to', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
  const missing = refs.filter((path) => {
    let node: unknown = document;
    for (const part of path.split('/')) node = (node as Record<string, unknown> | undefined)?.[part];
    return node === undefined;
  });
  expect(refs.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});

it('has a schema that matches what a room really sends', async () => {
  const room = new MemoryRoom();
  const ada = room.join('ext_ada', { role: 'host' });
  const agent = room.join('agt_scribe', { role: 'agent', kind: 'agent' });
  sendForAnswer(room, ada, { type: 'chat.send', text: 'hello' });
  sendForAnswer(room, ada, { type: 'hand.raise' });
  sendForAnswer(room, agent, { type: 'typing', on: true });
  sendForAnswer(room, agent, {
    type: 'caption',
    segmentId: 'a',
    version: 1,
    final: true,
    speaker: 'ext_ada',
    language: 'en',
    text: 'x',
  });
  applyCommand(room, { type: 'participant.role', identity: 'ext_ada', role: 'moderator' });
  applyCommand(room, { type: 'spotlight', identity: null });
  room.send(ada, 'garbage');
  room.disconnect(agent, 1000);
  await room.waitForPending();
  const sent = [...ada.frames, ...room.join('ext_ada', {}, { epoch: 'other', seq: 1 }).frames];
  expect(new Set(sent.map(({ type }) => type)).size).toBeGreaterThan(10);
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const wrong = sent.filter((frame: RoomServerFrame) => {
    const { payload } = document.components.messages[`room.server.${frame.type}`]!;
    return !ajv.validate(payload, frame);
  });
  expect(wrong).toEqual([]);
});

it('includes the frames of verbs', async () => {
  const { roomFrames } = await import('../../../durable-objects/room-frames.ts');
  const names = roomChannel(roomFrames).clientFrames.map(({ schema }) => typeOf(schema as never));
  expect(names).toHaveLength(roomBaseFrames.length + roomFrames.length);
  expect(new Set(names).size).toBe(names.length);
});

it('is answered with 304 when the client has the current copy', async () => {
  const app = createTestApp();
  const first = await app.send('GET', '/asyncapi.json');
  const headers = { 'if-none-match': first.headers.get('etag')! };
  expect(await app.send('GET', '/asyncapi.json', { headers })).toMatchObject({ status: 304 });
});
