import type { z } from '@hono/zod-openapi';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleId } from '../../../src/kernel/core/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import type { TestResponse } from '../../support/app.ts';
import { createPrivateRooms, createOutsiders, type RoomIds, type Outsider } from './private-rooms.ts';
import { IN_ROOMS, listIdFields, listRoomIdFields, NOT_IN_ROOMS, type RoomIdField } from './room-ids.ts';
import { callRoute, createWorld, getSchemaFields, type World } from './world.ts';

/** The kind of a memory's source, by the prefix of its id. */
const SOURCE_KINDS: Record<string, string> = {
  msg: 'message',
  file: 'file',
  rec: 'recording',
  mmr: 'memory',
};

/** Bodies that take the field, where the contract's example does not; by `operationId/field`. */
const BODIES: Record<string, (id: string) => unknown> = {
  'createLink/callId': (callId) => ({ callId }),
  'storeMemories/roomId': (roomId) => ({ scope: 'room', roomId, memories: [{ content: 'Tea' }] }),
  'storeMemories/source': (id) => ({
    scope: 'person',
    source: { kind: SOURCE_KINDS[id.split('_')[0]!], ids: [id] },
    memories: [{ content: 'Tea' }],
  }),
  'createTranscription/fileId': (fileId) => ({ fileId }),
  'createTranscription/roomId': (roomId) => ({ roomId, recordingId: exampleId('recording') }),
  'createTranscription/recordingId': (recordingId) => ({ roomId: exampleId('room'), recordingId }),
  'startRing/roomId': (roomId) => ({ to: world.owner.userId, roomId }),
  'assignBreakouts/groups': (roomId) => ({ groups: [{ roomId, identities: [] }] }),
};

/** Operations whose answer rests on a credential of its own, each for its reason. */
const OTHER_CREDENTIAL: Record<string, string> = {
  enterRoom: 'the ticket in the body, which is for one room, comes before the room',
  openRoomSocket: 'the ticket in the handshake, which is for one room, comes before the room',
};

let world: World;
let outsiders: Outsider[];
let hiddenRooms: Record<string, RoomIds>;

beforeAll(async () => {
  world = await createWorld();
  const { app, owner } = world;
  outsiders = await createOutsiders(app, owner);
  hiddenRooms = await createPrivateRooms(app, owner.organizationId);
  // What is cached with the first request of a credential would count as a round trip of the second.
  for (const { token } of outsiders) await app.send('GET', '/api/v1/rooms', token ? { token } : {});
});

const keyOf = ({ place, name }: RoomIdField) => `${place}/${name}`;
type Values = Record<string, string>;

const fieldSchema = (route: Route, { place, name }: RoomIdField): z.ZodType => {
  const schema = { path: route.params, query: route.query, body: route.body?.schema }[place];
  return getSchemaFields(schema)![name] as z.ZodType;
};

function buildBody(route: Route, fields: readonly RoomIdField[], values: Values): unknown {
  let body = route.body?.example as Record<string, unknown> | undefined;
  for (const field of fields.filter(({ place }) => place === 'body')) {
    const build = BODIES[`${route.operationId}/${field.name}`];
    const id = values[keyOf(field)]!;
    const value = fieldSchema(route, field).safeParse(id).success ? id : [id];
    body = build ? (build(id) as Record<string, unknown>) : { ...body, [field.name]: value };
  }
  return body;
}

/** Calls the route with these ids; a query or an optional field that has no value is left out. */
async function call(route: Route, fields: readonly RoomIdField[], values: Values, token: string | undefined) {
  const given = fields.filter((field) => values[keyOf(field)] !== undefined);
  const ofPlace = (place: RoomIdField['place']) =>
    given.filter((field) => field.place === place).map((field) => [field.name, values[keyOf(field)]!]);
  const query = new URLSearchParams(ofPlace('query')).toString();
  const before = world.app.roundTrips();
  const answer = await callRoute(route, world, {
    token,
    params: Object.fromEntries(ofPlace('path')),
    ...(query ? { query: `?${query}` } : {}),
    ...(route.body ? { body: buildBody(route, given, values) } : {}),
  });
  return { answer, roundTrips: world.app.roundTrips() - before };
}

/** Headers that differ with each request, whatever it asks for. */
const OF_THE_REQUEST = /^(x-request-id|traceparent|server-timing|date|ratelimit.*)$/;

/** An answer without what the caller put in: the ids, and the id of the request. */
function withoutIds(
  { answer, roundTrips }: { answer: TestResponse; roundTrips: number },
  values: Values,
): object {
  const hide = (text: string) => Object.values(values).reduce((all, id) => all.replaceAll(id, '…'), text);
  const body = JSON.parse(hide(JSON.stringify(answer.body)));
  if (typeof body === 'object' && body !== null && 'requestId' in body) body.requestId = '';
  const headers = [...answer.headers].filter(([name]) => !OF_THE_REQUEST.test(name));
  return {
    status: answer.status,
    body,
    headers: headers.map(([name, value]) => [name, hide(value)]),
    roundTrips,
  };
}

/** The fields that a path cannot do without, and the sets of optional ones that are tried one at a time. */
function listVariants(route: Route, fields: readonly RoomIdField[]): RoomIdField[][] {
  const isRequired = (field: RoomIdField) => !fieldSchema(route, field).safeParse(undefined).success;
  const required = fields.filter(isRequired);
  const optional = fields.filter((field) => !isRequired(field));
  return [...(required.length > 0 ? [required] : []), ...optional.map((field) => [...required, field])];
}

/**
 * Each way to give every field an id of the hidden room or one of nothing, and at least one of them to no own room; with
 * values of nothing to compare with, and a name of these: they do not depend on the hidden room.
 */
function* listPairs(fields: readonly RoomIdField[], hidden: RoomIds, own: RoomIds) {
  const create = ({ kind }: RoomIdField) => world.app.services.ids.create(kind);
  const valuesOf = (choose: (field: RoomIdField) => string): Values =>
    Object.fromEntries(fields.map((field) => [keyOf(field), choose(field)]));
  const missing = valuesOf(create);
  for (let bits = 1; bits < 1 << fields.length; bits++) {
    const isHidden = (field: RoomIdField) => (bits >> fields.indexOf(field)) % 2 === 1;
    yield [valuesOf((field) => (isHidden(field) ? hidden[field.kind] : create(field))), missing, 0] as const;
    if (bits === (1 << fields.length) - 1) continue;
    yield [
      valuesOf((field) => (isHidden(field) ? hidden[field.kind] : own[field.kind])),
      valuesOf((field) => (isHidden(field) ? create(field) : own[field.kind])),
      bits,
    ] as const;
  }
}

const withRoomIds = routes
  .filter((route) => listRoomIdFields(route).length > 0 && !(route.operationId in OTHER_CREDENTIAL))
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

describe('a room that does not show to the caller', () => {
  it.each(withRoomIds)('%s: is answered like one that does not exist', async (_name, route) => {
    const variants = listVariants(route, listRoomIdFields(route));
    const compared = new Set<RoomIdField[]>();
    for (const fields of variants)
      for (const { name, token, own } of outsiders) {
        const notFound = new Map<number, object>();
        for (const [room, hidden] of Object.entries(hiddenRooms))
          for (const [values, missing, nameOfMissing] of listPairs(fields, hidden, own)) {
            const found = await call(route, fields, values, token);
            if (!notFound.has(nameOfMissing))
              notFound.set(nameOfMissing, withoutIds(await call(route, fields, missing, token), missing));
            const label = `${name}, ${room}, ${fields.map(keyOf).join(' and ')}: ${JSON.stringify(values)}`;
            expect([label, withoutIds(found, values)]).toEqual([label, notFound.get(nameOfMissing)]);
            if (found.answer.body.code !== 'request.invalid') compared.add(fields);
            const others = Object.values(hidden).filter((id) => !Object.values(values).includes(id));
            const text = JSON.stringify(found.answer.body);
            expect([label, others.filter((id) => text.includes(id))]).toEqual([label, []]);
          }
      }
    const refused = variants.filter((fields) => !compared.has(fields)).map((fields) => fields.map(keyOf));
    expect(refused, 'every request is invalid: add a body to BODIES').toEqual([]);
  });

  it.each(
    routes
      .filter(
        ({ method, path, access }) => method === 'get' && !path.includes('{') && access.kind !== 'operator',
      )
      .map((route) => [route.path, route] as const),
  )('GET %s: leaves it out', async (_name, route) => {
    for (const { name, token } of outsiders.filter(({ readsLists }) => readsLists)) {
      const { body } = await callRoute(route, world, { token });
      const text = JSON.stringify(body);
      for (const [room, hidden] of Object.entries(hiddenRooms))
        for (const [kind, id] of Object.entries(hidden))
          expect([name, room, kind, text.includes(id)]).toEqual([name, room, kind, false]);
    }
  });

  it('shows to its people, so that the comparison means something', async () => {
    const { app } = world;
    const { callId, direct, breakout } = {
      callId: hiddenRooms['a direct room']!.call,
      direct: hiddenRooms['a direct room']!.room,
      breakout: hiddenRooms['a breakout room of a direct room']!.room,
    };
    const get = (path: string) => app.send('GET', `/api/v1${path}`, { token: world.owner.token });
    for (const path of [`/rooms/${direct}`, `/rooms/${breakout}`, `/calls/${callId}`])
      expect(await get(path)).toMatchObject({ status: 200 });
  });
});

describe('the ids that the API takes', () => {
  it('are each known to be of a room or not', () => {
    const kinds = new Set(routes.flatMap((route) => listIdFields(route).map(({ kind }) => kind)));
    const known = [...IN_ROOMS, ...Object.keys(NOT_IN_ROOMS)];
    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
    expect(known.filter((kind) => !kinds.has(kind as never))).toEqual([]);
  });
});
