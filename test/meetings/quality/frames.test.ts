import { beforeEach, expect, it } from 'vitest';
import { qualityFrames } from '../../../src/meetings/quality/index.ts';
import type { RoomCaller } from '../../../src/meetings/realtime/index.ts';
import { createCtx } from '../../../src/platform/context/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { batchOf, callOf, sampleAt, sent } from './support.ts';

let app: TestApp;
let owner: Person;
const [frame] = qualityFrames;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

/** A context as the room's socket makes one: nobody brings permissions of the organization along. */
const socketOf = ({ userId, organizationId }: Person) =>
  createCtx(app.services, {
    actor: { kind: 'user', userId, sessionId: '', organizationId, role: null, plan: null, permissions: [] },
    origin: {
      requestId: app.services.ids.create('request'),
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEffects: () => undefined,
    onRoundTrip: () => undefined,
  });

const say = (person: Person, fields: object) => {
  const {
    id: _id,
    type: _type,
    ...parsed
  } = frame!.frame.parse({
    type: 'quality.samples',
    id: '01jd3v7q8gf4',
    ...fields,
  }) as Record<string, unknown>;
  return frame!.handle(socketOf(person), {} as RoomCaller, parsed as never);
};

it('samples come through the room’s socket as well, of whose socket it is', async () => {
  const { callId, host } = await callOf(app, owner);
  app.clock.advanceSeconds(30);
  const batch = batchOf(app, { callId, samples: [sampleAt(app, 1, {}, [sent()])] });
  const kept = await say(owner, batch);
  expect(kept).toMatchObject({ participantId: host.participantId, kept: 1 });
  expect(await say(owner, batch)).toEqual(kept);
});

it('a socket speaks for nobody else, and its frames are as bounded as the API’s', async () => {
  const { callId, others } = await callOf(app, owner, 1);
  app.clock.advanceSeconds(30);
  const samples = [sampleAt(app, 1)];
  const outsider = await app.person({ role: 'member', organizationId: owner.organizationId });
  await expect(say(outsider, batchOf(app, { callId, samples }))).rejects.toMatchObject({
    code: 'quality.call_not_found',
  });
  const named = batchOf(app, { callId, participantId: others[0]!.participantId, samples });
  expect(() => say(owner, named)).toThrow(/participantId/);
  const many = batchOf(app, { callId, samples: Array.from({ length: 61 }, () => samples[0]) });
  expect(() => say(owner, many)).toThrow(/samples/);
});
