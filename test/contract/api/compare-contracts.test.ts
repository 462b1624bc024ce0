import { describe, expect, it } from 'vitest';
import type { Baseline, BaselineOperation } from './baseline.ts';
import { listUnannounced } from './changelog.ts';
import { findBreakingChanges } from './compare-contracts.ts';
import type { Schema } from './document.ts';

const string: Schema = { type: 'string' };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const OPERATION: BaselineOperation = {
  operationId: 'createRoom',
  access: 'rooms:write',
  parameters: { 'query limit': { required: false, schema: { type: 'integer', minimum: 1, maximum: 100 } } },
  body: { 'application/json': object({ name: { type: 'string', minLength: 1, maxLength: 255 } }, ['name']) },
  answers: { 201: { 'application/json': { $ref: '#/components/schemas/Room' } } },
};
const ROOM = object({ id: string, status: { type: 'string', enum: ['open', 'ended'] } }, ['id', 'status']);

const CHAT_SENT = object({ text: { type: 'string', minLength: 1, maxLength: 4_000 } }, ['text']);
const CHAT_READ = object({ id: string, text: string }, ['id', 'text']);
const ROOM_CREATED = object({ roomId: string, name: string }, ['roomId', 'name']);

const contract = (operation: BaselineOperation, room: Schema = ROOM): Baseline => ({
  operations: { 'POST /rooms': operation },
  schemas: { Room: room },
  errors: { 'rooms.full': 409 },
  frames: { 'room client chat.send': CHAT_SENT, 'room server chat.message': CHAT_READ },
  events: { 'room.created': { version: 1, schema: ROOM_CREATED } },
});
const BEFORE = contract(OPERATION);
const withBody = (schema: Schema) => contract({ ...OPERATION, body: { 'application/json': schema } });
const withRoom = (room: Schema) => contract(OPERATION, room);
const withFrame = (name: string, schema: Schema) => ({
  ...BEFORE,
  frames: { ...BEFORE.frames, [name]: schema },
});
const withEvent = (version: number, schema: Schema) => ({
  ...BEFORE,
  events: { 'room.created': { version, schema } },
});
const withName = (name: Schema) => withBody(object({ name }, ['name']));

it('an operation of users that API keys may call, too, is no breaking change', () => {
  const before = contract({ ...OPERATION, access: 'user' });
  const after = contract({ ...OPERATION, access: 'credential' });
  expect(findBreakingChanges(before, after)).toEqual([]);
  expect(findBreakingChanges(after, before)).toHaveLength(1);
});

describe('a breaking change is', () => {
  it.each<[what: string, after: Baseline, found: string]>([
    ['an operation that is gone', { ...BEFORE, operations: {} }, 'POST /rooms: is gone'],
    [
      'another operation id',
      contract({ ...OPERATION, operationId: 'makeRoom' }),
      'operationId createRoom → makeRoom',
    ],
    [
      'another permission',
      contract({ ...OPERATION, access: 'rooms:admin' }),
      'access rooms:write → rooms:admin',
    ],
    [
      'a parameter that is gone',
      contract({ ...OPERATION, parameters: {} }),
      'query limit: is not a known parameter',
    ],
    [
      'a parameter with tighter bounds',
      contract({
        ...OPERATION,
        parameters: {
          'query limit': { required: false, schema: { type: 'integer', minimum: 1, maximum: 50 } },
        },
      }),
      'query limit: maximum 100 → 50',
    ],
    [
      'a new required parameter',
      contract({
        ...OPERATION,
        parameters: { ...OPERATION.parameters, 'header X-A': { required: true, schema: string } },
      }),
      'header X-A: is required',
    ],
    [
      'a parameter that becomes required',
      contract({
        ...OPERATION,
        parameters: { 'query limit': { ...OPERATION.parameters['query limit']!, required: true } },
      }),
      'query limit: is required',
    ],
    [
      'a shorter text',
      withName({ type: 'string', minLength: 1, maxLength: 100 }),
      'body.name: maxLength 255 → 100',
    ],
    [
      'a new pattern',
      withName({ ...string, minLength: 1, maxLength: 255, pattern: '^a' }),
      'body.name: pattern none → "^a"',
    ],
    ['another type', withName({ type: 'integer' }), 'body.name: type ["string"] → ["integer"]'],
    [
      'a field that becomes an enumeration',
      withName({ type: 'string', enum: ['a'] }),
      'body.name: values none → ["a"]',
    ],
    ['a field that is gone', withBody(object({}, [])), 'body.name: is not a known field'],
    [
      'a new required field',
      withBody(
        object({ name: { type: 'string', minLength: 1, maxLength: 255 }, type: string }, ['name', 'type']),
      ),
      'body.type: is required',
    ],
    [
      'a body of another media type',
      contract({ ...OPERATION, body: { 'text/plain': string } }),
      'body: application/json is not taken',
    ],
    ['an answer in another status', contract({ ...OPERATION, answers: {} }), '201: is not answered'],
    [
      'a property that is not answered',
      withRoom(object({ id: string }, ['id'])),
      '201.status: is not answered any more',
    ],
    ['a property that may be absent', withRoom({ ...ROOM, required: ['id'] }), '201.status: may be absent'],
    [
      'a property that may be null',
      withRoom(object({ ...ROOM.properties, id: { type: ['string', 'null'] } }, ['id', 'status'])),
      '201.id: type ["string"] → ["string","null"]',
    ],
    [
      'a property of another format',
      withRoom(object({ ...ROOM.properties, status: { type: 'string' } }, ['id', 'status'])),
      '201.status: values ["open","ended"] → none',
    ],
    ['an error code that is gone', { ...BEFORE, errors: {} }, 'rooms.full: is gone'],
    [
      'an error code of another status',
      { ...BEFORE, errors: { 'rooms.full': 422 } },
      'rooms.full: status 409 → 422',
    ],
    [
      'a frame that is gone',
      { ...BEFORE, frames: { 'room client chat.send': CHAT_SENT } },
      'chat.message: is gone',
    ],
    [
      'a frame of a client that takes less',
      withFrame(
        'room client chat.send',
        object({ text: { type: 'string', minLength: 1, maxLength: 500 } }, ['text']),
      ),
      'room client chat.send: frame.text: maxLength 4000 → 500',
    ],
    [
      'a frame of a client that demands more',
      withFrame('room client chat.send', object({ ...CHAT_SENT.properties, to: string }, ['text', 'to'])),
      'room client chat.send: frame.to: is required',
    ],
    [
      'a frame of the server that says less',
      withFrame('room server chat.message', object({ id: string }, ['id'])),
      'room server chat.message: frame.text: is not answered any more',
    ],
    ['an event that is gone or internal', { ...BEFORE, events: {} }, 'room.created: is gone'],
    [
      'an event without a field within its version',
      withEvent(1, object({ roomId: string }, ['roomId'])),
      'room.created: payload.name: is not answered any more',
    ],
    ['another version of an event', withEvent(2, ROOM_CREATED), 'room.created: version 1 → 2'],
  ])('%s', (_what, after, found) => {
    const changes = findBreakingChanges(BEFORE, after);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toContain(found);
  });

  it('found inside of lists, maps, alternatives and recursive components', () => {
    const tree = (name: Schema): Schema =>
      object(
        {
          name,
          children: { type: 'array', items: { $ref: '#/components/schemas/Room' } },
          labels: { type: 'object', additionalProperties: { anyOf: [name, { type: 'boolean' }] } },
        },
        ['name', 'children', 'labels'],
      );
    const before = contract(OPERATION, tree({ type: 'string' }));
    expect(findBreakingChanges(before, contract(OPERATION, tree({ type: 'string' })))).toEqual([]);
    expect(findBreakingChanges(before, contract(OPERATION, tree({ type: 'number' })))).toEqual([
      'POST /rooms: 201.name: type ["string"] → ["number"]',
      'POST /rooms: 201.labels[key]: type ["string"] → ["number"]',
    ]);
  });
});

describe('no breaking change is', () => {
  it.each<[what: string, after: Baseline]>([
    ['nothing', BEFORE],
    ['a new operation', { ...BEFORE, operations: { ...BEFORE.operations, 'GET /rooms': OPERATION } }],
    [
      'a new optional parameter',
      contract({
        ...OPERATION,
        parameters: { ...OPERATION.parameters, 'query tag': { required: false, schema: string } },
      }),
    ],
    ['a longer text', withName({ type: 'string', minLength: 0, maxLength: 500 })],
    ['a body that may also be null', withName({ type: ['string', 'null'] })],
    [
      'a new optional field',
      withBody(object({ name: { type: 'string', minLength: 1, maxLength: 255 }, tag: string }, ['name'])),
    ],
    [
      'a field that need not be sent',
      withBody(object({ name: { type: 'string', minLength: 1, maxLength: 255 } })),
    ],
    [
      'a new property of an answer',
      withRoom(object({ ...ROOM.properties, tag: string }, ['id', 'status', 'tag'])),
    ],
    [
      'a new value that is answered',
      withRoom(
        object({ id: string, status: { type: 'string', enum: ['open', 'ended', 'full'] } }, ['id', 'status']),
      ),
    ],
    ['a new answer', contract({ ...OPERATION, answers: { ...OPERATION.answers, 202: {} } })],
    ['a new error code', { ...BEFORE, errors: { ...BEFORE.errors, 'rooms.locked': 409 } }],
    [
      'a new frame, and a new field of one that the server sends',
      withFrame(
        'room server chat.message',
        object({ ...CHAT_READ.properties, at: string }, ['id', 'text', 'at']),
      ),
    ],
    [
      'a new optional field of a frame that clients send',
      withFrame('room client chat.send', object({ ...CHAT_SENT.properties, to: string }, ['text'])),
    ],
    [
      'a new field of an event',
      withEvent(1, object({ ...ROOM_CREATED.properties, at: string }, ['roomId', 'name'])),
    ],
    ['an inlined component', contract({ ...OPERATION, answers: { 201: { 'application/json': ROOM } } })],
  ])('%s', (_what, after) => {
    expect(findBreakingChanges(BEFORE, after)).toEqual([]);
  });

  it('a nullable component that is written as an alternative', () => {
    const nullable = withRoom({ ...ROOM, type: ['object', 'null'] });
    const answer: Schema = { anyOf: [{ $ref: '#/components/schemas/Room' }, { type: 'null' }] };
    const answers = { 201: { 'application/json': answer } };
    expect(findBreakingChanges(nullable, contract({ ...OPERATION, answers }))).toEqual([]);
  });
});

it('a cached copy may be answered in full: 304 is no promise', () => {
  const before = contract({ ...OPERATION, answers: { ...OPERATION.answers, 304: {} } });
  expect(findBreakingChanges(before, BEFORE)).toEqual([]);
});

describe('alternatives that a field distinguishes', () => {
  const step = (kind: string, fields: Record<string, Schema> = {}) =>
    object({ kind: { type: 'string', enum: [kind] }, ...fields }, ['kind']);
  const steps = (...oneOf: Schema[]) =>
    contract({
      ...OPERATION,
      body: { 'application/json': { oneOf } },
      answers: { 201: { 'application/json': { oneOf } } },
    });
  const before = steps(step('mail', { to: string }), step('post'));

  it('may be more', () => {
    const after = steps(step('mail', { to: string }), step('post'), step('wait', { until: string }));
    expect(findBreakingChanges(before, after)).toEqual([]);
  });

  it('break requests when one is gone, and either side when a field of one is', () => {
    expect(findBreakingChanges(before, steps(step('mail', { to: string }), step('wait')))).toEqual([
      'POST /rooms: body(kind post): is not taken',
    ]);
    expect(findBreakingChanges(before, steps(step('mail'), step('post')))).toEqual([
      'POST /rooms: body(kind mail).to: is not a known field',
      'POST /rooms: 201(kind mail).to: is not answered any more',
    ]);
  });
});

describe('the changelog announces a breaking change', () => {
  const change = 'POST /rooms: body.name: maxLength 255 → 100';
  const announced = (sections: string) => listUnannounced([change], `# Changelog\n\n${sections}`);

  it('under "Unreleased" and "Breaking", by the operation in backticks', () => {
    expect(announced('## Unreleased\n\n### Breaking\n\n- `POST /rooms` takes shorter names.\n')).toEqual([]);
    expect(
      announced('## Unreleased\n\n### Breaking\n\n- `POST /rooms` takes shorter names.\n\n## 1.0.0\n'),
    ).toEqual([]);
  });

  it.each([
    ['nowhere', ''],
    [
      'for another operation',
      '## Unreleased\n\n### Breaking\n\n- `POST /rooms/batch` takes shorter names.\n',
    ],
    [
      'as a change that breaks nothing',
      '## Unreleased\n\n### Changed\n\n- `POST /rooms` takes shorter names.\n',
    ],
    [
      'for an earlier release',
      '## Unreleased\n\n## 1.0.0\n\n### Breaking\n\n- `POST /rooms` takes shorter names.\n',
    ],
  ])('and not %s', (_where, sections) => {
    expect(announced(sections)).toEqual([change]);
  });
});
