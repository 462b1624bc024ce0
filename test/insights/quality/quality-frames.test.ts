import { beforeEach, expect, it } from 'vitest';
import { qualityFrames } from '../../../src/insights/quality/index.ts';
import type { RoomCaller } from '../../../src/realtime/protocol/index.ts';
import { createCtx } from '../../../src/kernel/context/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createBatch, createCall, sampleAt, sentTrack } from './support.ts';

let app: TestApp;
let owner: Person;
const [frame] = qualityFrames;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

/** A context as the room's socket makes it: without permissions in the organization. */
const socketContext = ({ userId, organizationId }: Person) =>
  createCtx(app.services, {
    actor: {
      kind: 'user',
      userId,
      sessionId: undefined,
      organizationId,
      role: null,
      plan: null,
      permissions: [],
    },
    origin: {
      requestId: app.services.ids.create('request'),
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });

const sendFrame = (person: Person, fields: object) => {
  const {
    id: _id,
    type: _type,
    ...parsed
  } = frame!.frame.parse({
    type: 'quality.samples',
    id: '01jd3v7q8gf4',
    ...fields,
  }) as Record<string, unknown>;
  return frame!.handle(socketContext(person), {} as RoomCaller, parsed as never);
};

it('the room’s socket reports samples for its participant', async () => {
  const { callId, host } = await createCall(app, owner);
  app.clock.advanceSeconds(30);
  const batch = createBatch(app, { callId, samples: [sampleAt(app, 1, {}, [sentTrack()])] });
  const kept = await sendFrame(owner, batch);
  expect(kept).toMatchObject({ participantId: host.participantId, kept: 1 });
  expect(await sendFrame(owner, batch)).toEqual(kept);
});

it('a socket reports for its own participant only, and its frames have the limits of the API', async () => {
  const { callId, others } = await createCall(app, owner, 1);
  app.clock.advanceSeconds(30);
  const samples = [sampleAt(app, 1)];
  const outsider = await app.person({ role: 'member', organizationId: owner.organizationId });
  await expect(sendFrame(outsider, createBatch(app, { callId, samples }))).rejects.toMatchObject({
    code: 'quality.call_not_found',
  });
  const named = createBatch(app, { callId, participantId: others[0]!.participantId, samples });
  expect(() => sendFrame(owner, named)).toThrow(/participantId/);
  const many = createBatch(app, { callId, samples: Array.from({ length: 61 }, () => samples[0]) });
  expect(() => sendFrame(owner, many)).toThrow(/samples/);
});
