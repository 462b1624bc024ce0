import { beforeEach, describe, expect, it } from 'vitest';
import { deleteExpiredSamples } from '../../../src/insights/quality/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  createApiKey,
  createBatch,
  createCall,
  joinAsGuest,
  receivedTrack,
  type TestParticipant,
  postSamples,
  sampleAt,
  sentTrack,
} from './support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

type Quality = {
  callId: string;
  coverage: number;
  // eslint-disable-next-line typescript/no-explicit-any -- the shape is what tests look into
  participants: any[];
};

const getQuality = (callId: string, token: string, query = '') =>
  app.send('GET', `/api/v1/calls/${callId}/quality${query}`, { token });
const qualityOf = (quality: Quality, { participantId }: TestParticipant) =>
  quality.participants.find((each) => each.participantId === participantId)!;

/** Reports a minute of samples with these tracks for each participant. */
async function reportMinute(
  callId: string,
  measured: readonly (readonly [TestParticipant, Record<string, unknown>[]])[],
) {
  app.clock.advanceSeconds(65);
  for (const [{ token }, tracks] of measured) {
    const samples = Array.from({ length: 12 }, (_each, index) =>
      sampleAt(app, 60 - index * 5, { protocol: 'udp' }, tracks),
    );
    expect((await postSamples(app, token, createBatch(app, { callId, samples }))).status).toBe(201);
  }
}

describe('the quality of a call', () => {
  it('has figures in either direction and a cause for each participant, in one round trip', async () => {
    const { callId, host, others } = await createCall(app, owner, 2);
    const [ada, ben] = others as [TestParticipant, TestParticipant];
    // The host's uplink is lossy; all other connections are good.
    await reportMinute(callId, [
      [host, [sentTrack(12), receivedTrack(ada.identity), receivedTrack(ben.identity)]],
      [ada, [sentTrack(), receivedTrack(host.identity, 12), receivedTrack(ben.identity)]],
      [ben, [sentTrack(), receivedTrack(host.identity, 12), receivedTrack(ada.identity)]],
    ]);
    const before = app.roundTrips();
    const { status, body } = await getQuality(callId, owner.token);
    expect([status, app.roundTrips() - before]).toEqual([200, 1]);
    expect(body).toMatchObject({ callId, coverage: 1 });
    const [own, theirs] = [qualityOf(body, host), qualityOf(body, ada)];
    expect(own).toMatchObject({
      identity: host.identity,
      verdict: { cause: 'uplink_loss', side: 'own_uplink', publisherIdentity: null, reason: null },
      send: { lossRatio: 0.12 },
      receive: { lossRatio: 0 },
    });
    expect(own.verdict.evidence).toContainEqual({
      measure: 'uplink_loss_ratio',
      relation: 'at_least',
      limit: 0.03,
      value: 0.12,
    });
    expect(own.send.mos).toBeLessThan(own.receive.mos);
    expect(theirs).toMatchObject({
      verdict: { cause: 'remote_publisher', side: 'remote_publisher', publisherIdentity: host.identity },
    });
  });

  it('distinguishes a lossy downlink from a problem of others and of the server', async () => {
    const { callId, people } = await createCall(app, owner, 3);
    const tracks = (me: TestParticipant, lost: number, up = 0) => [
      sentTrack(up),
      ...people.filter((each) => each !== me).map((each) => receivedTrack(each.identity, lost)),
    ];
    await reportMinute(
      callId,
      people.map((each, index) => [each, tracks(each, index === 1 ? 15 : 0)] as const),
    );
    const { body } = await getQuality(callId, owner.token);
    expect(people.map((each) => qualityOf(body, each).verdict.cause)).toEqual([
      'healthy',
      'downlink_loss',
      'healthy',
      'healthy',
    ]);
  });

  it('is unknown without samples, and its figures are null', async () => {
    const { callId, host } = await createCall(app, owner);
    const { body } = await getQuality(callId, owner.token);
    expect(qualityOf(body, host)).toMatchObject({
      sentBytes: 0,
      roundTripSeconds: null,
      send: { mos: null, lossRatio: null, measuredSeconds: 0 },
      verdict: { cause: 'unknown', reason: 'too_few_samples', windows: [] },
      feedback: null,
    });
  });

  it('can be limited to a range of time', async () => {
    const { callId, host } = await createCall(app, owner);
    await reportMinute(callId, [[host, [sentTrack(20)]]]);
    const good = app.clock.now();
    app.clock.advanceSeconds(65);
    const samples = Array.from({ length: 12 }, (_each, index) =>
      sampleAt(app, 60 - index * 5, {}, [sentTrack()]),
    );
    await postSamples(app, host.token, createBatch(app, { callId, sequence: 1, samples }));
    const from = new Date(good).toISOString();
    const later = (await getQuality(callId, owner.token, `?from=${from}`)).body;
    const earlier = (await getQuality(callId, owner.token, `?to=${from}`)).body;
    expect([qualityOf(earlier, host), qualityOf(later, host)].map(({ verdict }) => verdict.cause)).toEqual([
      'uplink_loss',
      'healthy',
    ]);
  });

  it('of a very large call rests on evenly chosen minutes, with the coverage', async () => {
    const { callId, host } = await createCall(app, owner);
    const key = await createApiKey(app, owner, ['calls:write']);
    for (let minute = 0; minute < 8; minute++) {
      app.clock.advanceSeconds(60);
      const samples = Array.from({ length: 12 }, (_each, index) =>
        sampleAt(app, 55 - index * 5, {}, [sentTrack(minute < 4 ? 20 : 0)]),
      );
      const { participantId } = host;
      await postSamples(app, key, createBatch(app, { callId, participantId, sequence: minute, samples }));
    }
    await ownerSql('update quality_samples set size = 1000000 where call_id = $1', [callId]);
    const { body } = await getQuality(callId, key);
    expect(body.coverage).toBe(0.5);
    expect(qualityOf(body, host).send.measuredSeconds).toBe(240);
    expect(qualityOf(body, host).verdict).toMatchObject({ cause: 'uplink_loss' });
  });

  it('is for its participants, administrators and API keys of its organization', async () => {
    const { roomId, callId, others } = await createCall(app, owner, 1);
    const guest = await joinAsGuest(app, owner, roomId);
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const outsider = await app.person();
    const statuses = [];
    for (const token of [
      others[0]!.token,
      admin.token,
      await createApiKey(app, owner, ['calls:read']),
      member.token,
      outsider.token,
      await createApiKey(app, outsider, ['calls:read']),
      guest.token,
    ])
      statuses.push((await getQuality(callId, token)).status);
    expect(statuses).toEqual([200, 200, 200, 404, 404, 404, 403]);
  });

  it('is not read from the database for a caller who was not in it', async () => {
    const { callId, host, others } = await createCall(app, owner, 1);
    await reportMinute(callId, [[host, [sentTrack()]]]);
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const { database } = app.services;
    const originalRead = database.read;
    const rowsFor = async (token: string): Promise<number> => {
      let rows = 0;
      database.read = async (scope, build) => {
        const results = await originalRead(scope, build);
        rows += (results as unknown[][]).flat().length;
        return results;
      };
      const before = app.roundTrips();
      await getQuality(callId, token);
      expect(app.roundTrips() - before).toBe(1);
      database.read = originalRead;
      return rows;
    };
    // The call, two participants and a batch; for a caller who was not in it only the call.
    expect([await rowsFor(others[0]!.token), await rowsFor(member.token)]).toEqual([4, 1]);
  });
});

describe('feedback on a call', () => {
  const giveFeedback = (callId: string, token: string, body: unknown) =>
    app.send('POST', `/api/v1/calls/${callId}/feedback`, { token, body });

  it('is stored once for each participant, and replaced when it is given again', async () => {
    const { callId, host } = await createCall(app, owner);
    const first = await giveFeedback(callId, host.token, {
      rating: 2,
      reasons: ['echo', 'echo'],
      comment: ' Echo ',
    });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      callId,
      participantId: host.participantId,
      rating: 2,
      reasons: ['echo'],
      comment: 'Echo',
    });
    await giveFeedback(callId, host.token, { rating: 5 });
    expect(qualityOf((await getQuality(callId, owner.token)).body, host).feedback).toMatchObject({
      rating: 5,
      reasons: [],
      comment: null,
    });
  });

  it('is visible to the participant, administrators and API keys only', async () => {
    const { callId, host, others } = await createCall(app, owner, 2);
    const [ada, ben] = others as [TestParticipant, TestParticipant];
    await giveFeedback(callId, ada.token, { rating: 1, reasons: ['not_heard'] });
    const seen = async (token: string) =>
      qualityOf((await getQuality(callId, token)).body, ada).feedback?.rating;
    expect(await seen(ada.token)).toBe(1);
    expect(await seen(host.token)).toBe(1);
    expect(await seen(await createApiKey(app, owner, ['calls:read']))).toBe(1);
    expect(await seen(ben.token)).toBeUndefined();
  });

  it('can be given by guests, but not by a person who was not in the call', async () => {
    const { roomId, callId, host } = await createCall(app, owner);
    const guest = await joinAsGuest(app, owner, roomId);
    expect((await giveFeedback(callId, guest.token, { rating: 4 })).body).toMatchObject({
      participantId: guest.participantId,
    });
    const foreign = { rating: 1, participantId: host.participantId };
    expect((await giveFeedback(callId, guest.token, foreign)).status).toBe(404);
    const outsider = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect((await giveFeedback(callId, outsider.token, { rating: 1 })).status).toBe(404);
    expect((await giveFeedback(callId, (await app.person()).token, { rating: 1 })).status).toBe(404);
  });

  it.each([
    [{ rating: 0 }],
    [{ rating: 6 }],
    [{ rating: 2.5 }],
    [{ rating: 3, reasons: ['unheard_of'] }],
    [{ rating: 3, comment: 'x'.repeat(2001) }],
    [{ rating: 3, comment: 'a\u0000b' }],
    [{ rating: 3, comment: '\ud800' }],
    [{}],
  ])('is refused as %j', async (body) => {
    const { callId, host } = await createCall(app, owner);
    expect((await giveFeedback(callId, host.token, body)).status).toBe(400);
  });
});

describe('a test before a call', () => {
  it('is assessed and not stored', async () => {
    const tracks = [sentTrack(15), receivedTrack('self', 15)];
    const samples = Array.from({ length: 8 }, (_each, index) => sampleAt(app, 40 - index * 5, {}, tracks));
    const before = app.roundTrips();
    const answer = await app.send('POST', '/api/v1/quality/pre-call-tests', {
      token: owner.token,
      body: { samples },
    });
    expect([answer.status, app.roundTrips() - before]).toEqual([200, 0]);
    expect(answer.body).toMatchObject({
      verdict: { cause: 'uplink_loss', side: 'own_uplink' },
      send: { lossRatio: 0.15 },
    });
  });

  it('of a few seconds has too few samples', async () => {
    const samples = [sampleAt(app, 1, {}, [sentTrack()])];
    const { body } = await app.send('POST', '/api/v1/quality/pre-call-tests', {
      token: owner.token,
      body: { samples },
    });
    expect(body.verdict).toMatchObject({ cause: 'unknown', reason: 'too_few_samples' });
  });
});

describe('stored samples', () => {
  it('are deleted after 90 days, and the totals stay', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(10);
    const samples = [sampleAt(app, 1, { sentBytes: 700, receivedBytes: 50 }, [sentTrack()])];
    await postSamples(app, host.token, createBatch(app, { callId, samples }));
    const key = await createApiKey(app, owner, ['calls:read']);
    const kept = async () => {
      const list = await app.send('GET', '/api/v1/quality/samples', { token: key });
      const [person] = (await getQuality(callId, key)).body.participants;
      return [list.body.data.length, person.sentBytes];
    };
    app.clock.advanceSeconds(89 * 86_400);
    await deleteExpiredSamples(app.services);
    expect(await kept()).toEqual([1, 700]);
    app.clock.advanceSeconds(2 * 86_400);
    await deleteExpiredSamples(app.services);
    expect(await kept()).toEqual([0, 700]);
  });
});
