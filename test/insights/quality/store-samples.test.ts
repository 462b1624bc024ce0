import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  createApiKey,
  createBatch,
  createCall,
  joinAsGuest,
  receivedTrack,
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

const listSamples = (token: string, query = '') =>
  app.send('GET', `/api/v1/quality/samples${query}`, { token });

describe('reporting samples', () => {
  it('stores the samples as they were sent, in two round trips', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    const samples = [
      sampleAt(app, 10, { protocol: 'tls', candidateType: 'relay', sentBytes: 1000, receivedBytes: 2000 }, [
        sentTrack(3),
        {
          ...receivedTrack('gst_x', 7),
          kind: 'video',
          source: 'camera',
          framesPerSecond: 24.9,
          width: 640,
          height: 360,
          wantedHeight: 720,
          freezes: 2,
          freezeSeconds: 0.41,
          paused: false,
          droppedFramesRatio: 0.0125,
        },
      ]),
      sampleAt(app, 5, { sentBytes: 1500, receivedBytes: 2600 }, [
        { ...sentTrack(), muted: true, limitation: 'cpu' },
      ]),
    ];
    const before = app.roundTrips();
    const answer = await postSamples(app, host.token, createBatch(app, { callId, samples }));
    expect(app.roundTrips() - before).toBe(2);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      callId,
      participantId: host.participantId,
      kept: 2,
      dropped: 0,
      sentBytes: 1500,
      receivedBytes: 2600,
    });
    const { data } = (await listSamples(host.token)).body;
    const [{ id, ...answered }] = data;
    expect(id).toBe(answer.body.id);
    expect(answered.samples).toEqual(samples);
  });

  it('stores a batch once, whatever its Idempotency-Key, also when it is sent twice at the same time', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    const batch = createBatch(app, {
      callId,
      samples: [sampleAt(app, 1, { sentBytes: 500, receivedBytes: 100 })],
    });
    const both = await Promise.all([
      postSamples(app, host.token, batch),
      postSamples(app, host.token, batch),
    ]);
    const later = await postSamples(app, host.token, batch);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[1].body).toEqual(both[0].body);
    expect(later.body).toEqual(both[0].body);
    expect((await listSamples(host.token)).body.data).toHaveLength(1);
  });

  it('stores batches of one participant that are sent at the same time, and counts each once', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    const batches = [0, 1].map((sequence) =>
      createBatch(app, {
        callId,
        sequence,
        connection: `PA_${sequence}`,
        samples: [sampleAt(app, 1, { sentBytes: 500, receivedBytes: 100 })],
      }),
    );
    const answers = await Promise.all(batches.map((batch) => postSamples(app, host.token, batch)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await quality(callId)).participants[0]).toMatchObject({ sentBytes: 1000, receivedBytes: 200 });
  });
});

const quality = async (callId: string, token = owner.token) =>
  (await app.send('GET', `/api/v1/calls/${callId}/quality`, { token })).body;

describe('the bytes of a call', () => {
  const grow = async (values: readonly number[], options: { connection?: string; from?: number } = {}) => {
    const { connection = 'PA_1', from = 0 } = options;
    return values.map((sentBytes, index) => ({
      connection,
      sequence: from + index,
      sentBytes,
      receivedBytes: 2 * sentBytes,
    }));
  };

  it('are the growth of the counters, over lost, late and repeated batches, restarts and connections', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(5);
    const batches = [
      ...(await grow([100, 250, 400])),
      // The counter restarts within the same connection: it counts from zero.
      ...(await grow([30, 90], { from: 3 })),
      ...(await grow([1000], { connection: 'PA_2' })),
    ].map(({ connection, sequence, ...bytes }) => {
      app.clock.advanceSeconds(5);
      return createBatch(app, { callId, connection, sequence, samples: [sampleAt(app, 0.5, bytes)] });
    });
    // The second is delayed, the third arrives before it, the first arrives twice.
    for (const index of [0, 2, 1, 0, 3, 4, 5])
      expect((await postSamples(app, host.token, batches[index])).status).toBe(201);
    const [person] = (await quality(callId)).participants;
    expect([person.sentBytes, person.receivedBytes]).toEqual([400 + 90 + 1000, 2 * (400 + 90 + 1000)]);
  });

  it('are not inflated by counters that no connection could reach', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(10);
    const bytes = { sentBytes: Number.MAX_SAFE_INTEGER, receivedBytes: Number.MAX_SAFE_INTEGER };
    const answer = await postSamples(
      app,
      host.token,
      createBatch(app, { callId, samples: [sampleAt(app, 1, bytes)] }),
    );
    expect(answer.body.sentBytes).toBeLessThanOrEqual(12 * 125_000_000);
  });
});

describe('the bytes of a call, independent of clocks', () => {
  const total = async (callId: string) => {
    const [{ sentBytes, receivedBytes }] = (await quality(callId)).participants;
    return [sentBytes, receivedBytes];
  };

  it.each([3600, -3600])('are complete when a clock that is %i seconds off is corrected', async (off) => {
    const { callId, host } = await createCall(app, owner);
    for (let sequence = 0; sequence <= 5; sequence++) {
      app.clock.advanceSeconds(45);
      const bytes = { sentBytes: 1_000_000 + sequence * 20_000_000, receivedBytes: 500 };
      const aheadSeconds = sequence === 0 ? off : 0;
      const samples = [sampleAt(app, 1, bytes)];
      const answer = await postSamples(
        app,
        host.token,
        createBatch(app, { callId, sequence, aheadSeconds, samples }),
      );
      expect(answer.status).toBe(201);
    }
    expect(await total(callId)).toEqual([101_000_000, 500]);
  });

  it('count samples once that a later batch repeats', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    const [first, second] = [1000, 2000].map((sentBytes, index) =>
      sampleAt(app, 20 - index * 10, { sentBytes, receivedBytes: sentBytes }),
    );
    for (const [sequence, samples] of [[first], [first, second]].entries())
      expect(
        (await postSamples(app, host.token, createBatch(app, { callId, sequence, samples }))).status,
      ).toBe(201);
    expect(await total(callId)).toEqual([2000, 2000]);
  });

  it('are at most what a connection can carry during the call, over all batches and connections', async () => {
    const { roomId, callId } = await createCall(app, owner);
    const guest = await joinAsGuest(app, owner, roomId);
    app.clock.advanceSeconds(60);
    // Each has a minute's maximum, with invented times and falling counters.
    const samples = Array.from({ length: 60 }, (_each, index) => ({
      ...sampleAt(app, 1),
      measuredAt: new Date(app.clock.now() - (60 - index) * 60_000).toISOString(),
      sentBytes: 7_750_000_000 - index,
      receivedBytes: 7_750_000_000 - index,
    }));
    for (let sequence = 0; sequence < 6; sequence++) {
      const connection = `PA_${sequence % 3}`;
      const answer = await postSamples(
        app,
        guest.token,
        createBatch(app, { callId, connection, sequence, samples }),
      );
      expect(answer.status).toBe(201);
    }
    const { participants } = await quality(callId);
    const sums = participants.find(({ identity }: { identity: string }) => identity === guest.identity);
    // The minute, and two seconds of tolerance.
    expect([sums.sentBytes, sums.receivedBytes]).toEqual([7_750_000_000, 7_750_000_000]);
  });

  it('continue from marks that were stored without number and time', async () => {
    const { callId, host } = await createCall(app, owner);
    const give = async (sequence: number, sentBytes: number) => {
      app.clock.advanceSeconds(60);
      const samples = [sampleAt(app, 1, { sentBytes, receivedBytes: 10 })];
      expect(
        (await postSamples(app, host.token, createBatch(app, { callId, sequence, samples }))).status,
      ).toBe(201);
    };
    await give(0, 1000);
    await ownerSql(
      `update quality_totals set marks = jsonb_build_array((marks -> 0) - 'sequence' - 'countedAtMs')
        where participant_id = $1`,
      [host.participantId],
    );
    await give(1, 1500);
    expect(await total(callId)).toEqual([1500, 10]);
  });
});

describe('sample times', () => {
  it('of a clock that is a day off are corrected by the time of the batch', async () => {
    const { callId, host } = await createCall(app, owner);
    for (const aheadSeconds of [-86_400, 86_400]) {
      app.clock.advanceSeconds(60);
      const batch = createBatch(app, {
        callId,
        aheadSeconds,
        connection: `PA_${Math.abs(aheadSeconds + 1)}`,
        samples: [sampleAt(app, 7)],
      });
      const answer = await postSamples(app, host.token, batch);
      expect(answer.body).toMatchObject({ kept: 1, endedAt: new Date(app.clock.now() - 7000).toISOString() });
    }
  });

  it('with an odd value are dropped and counted, and the others of the batch are stored', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(200);
    const track = { direction: 'receive', kind: 'video', source: 'camera', publisherIdentity: 'usr_b' };
    const odd = [
      { ...sampleAt(app, 95), windowSeconds: 75 },
      { ...sampleAt(app, 85), roundTripSeconds: -3 },
      { ...sampleAt(app, 75), roundTripSeconds: null },
      { ...sampleAt(app, 65), tracks: [{ ...track, concealedRatio: 1.0000001 }] },
      { ...sampleAt(app, 55), tracks: [{ ...track, framesPerSecond: 1001 }] },
      { ...sampleAt(app, 45), unknownField: 1 },
    ];
    const batch = createBatch(app, { callId, samples: [...odd, sampleAt(app, 5)] });
    const answer = await postSamples(app, host.token, { ...batch, samples: [null, ...batch.samples] });
    expect(answer).toMatchObject({ status: 201, body: { kept: 1, dropped: 7 } });
    const nothing = createBatch(app, { callId, sequence: 1, samples: odd });
    expect(await postSamples(app, host.token, nothing)).toMatchObject({
      status: 422,
      body: { code: 'quality.samples_outdated' },
    });
    const test = { token: host.token, body: { samples: nothing.samples } };
    expect(await app.send('POST', '/api/v1/quality/pre-call-tests', test)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/samples' }] },
    });
  });

  it('in the future, before the call or more than an hour ago are dropped, and a batch without others is refused', async () => {
    const { callId, host } = await createCall(app, owner);
    const key = await createApiKey(app, owner, ['calls:write']);
    const { participantId } = host;
    app.clock.advanceSeconds(2 * 3600);
    const outdated = [sampleAt(app, -60), sampleAt(app, 3601), sampleAt(app, 3 * 3600)];
    const samples = [...outdated, sampleAt(app, 5)];
    const mixed = await postSamples(app, key, createBatch(app, { callId, participantId, samples }));
    expect(mixed.body).toMatchObject({ kept: 1, dropped: 3 });
    const refused = await postSamples(
      app,
      key,
      createBatch(app, { callId, participantId, sequence: 1, samples: outdated }),
    );
    expect([refused.status, refused.body.code]).toEqual([422, 'quality.samples_outdated']);
  });

  it('that are out of order or repeated are put in order', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    const samples = [sampleAt(app, 5), sampleAt(app, 15), sampleAt(app, 5), sampleAt(app, 10)];
    const { body } = await postSamples(app, host.token, createBatch(app, { callId, samples }));
    expect(body).toMatchObject({ kept: 3, dropped: 1 });
    const [batch] = (await listSamples(host.token)).body.data;
    const ends = batch.samples.map(({ measuredAt }: { measuredAt: string }) => measuredAt);
    expect(ends).toEqual(ends.toSorted());
  });
});

describe('permission to report samples', () => {
  it('members may report for themselves only; anything else is answered like a call that does not exist', async () => {
    const { callId, host, others } = await createCall(app, owner, 1);
    app.clock.advanceSeconds(60);
    const samples = [sampleAt(app, 1)];
    const colleague = await app.person({ role: 'member', organizationId: owner.organizationId });
    const outsider = await app.person();
    const nothing = app.services.ids.create('call');
    const attempts = [
      [host.token, { callId, participantId: others[0]!.participantId }],
      [colleague.token, { callId }],
      [colleague.token, { callId, participantId: host.participantId }],
      [outsider.token, { callId }],
      [host.token, { callId: nothing }],
    ] as const;
    for (const [token, who] of attempts) {
      const { status, body } = await postSamples(app, token, createBatch(app, { ...who, samples }));
      expect([status, body.code]).toEqual([404, 'quality.call_not_found']);
    }
    const own = createBatch(app, { callId, participantId: host.participantId, samples });
    expect((await postSamples(app, host.token, own)).status).toBe(201);
  });

  it('guests may report for themselves in their room', async () => {
    const { roomId, callId, host } = await createCall(app, owner);
    const guest = await joinAsGuest(app, owner, roomId);
    app.clock.advanceSeconds(60);
    const samples = [sampleAt(app, 1)];
    expect((await postSamples(app, guest.token, createBatch(app, { callId, samples }))).body).toMatchObject({
      participantId: guest.participantId,
    });
    const foreign = createBatch(app, { callId, participantId: host.participantId, samples });
    expect((await postSamples(app, guest.token, foreign)).status).toBe(404);
    const elsewhere = await createCall(app, owner);
    expect(
      (await postSamples(app, guest.token, createBatch(app, { callId: elsewhere.callId, samples }))).status,
    ).toBe(404);
    expect((await listSamples(guest.token)).status).toBe(403);
  });

  it('API keys may report for any participant of their organization that they name', async () => {
    const { callId, host } = await createCall(app, owner);
    const foreign = await createCall(app, await app.person());
    const key = await createApiKey(app, owner, ['calls:write']);
    app.clock.advanceSeconds(60);
    const samples = [sampleAt(app, 1)];
    const named = await postSamples(
      app,
      key,
      createBatch(app, { callId, participantId: host.participantId, samples }),
    );
    expect(named.status).toBe(201);
    const nobody = await postSamples(app, key, createBatch(app, { callId, samples }));
    expect([nobody.status, nobody.body.errors]).toMatchObject([400, [{ pointer: '/participantId' }]]);
    const { callId: theirs, host: them } = foreign;
    const other = createBatch(app, { callId: theirs, participantId: them.participantId, samples });
    expect((await postSamples(app, key, other)).status).toBe(404);
  });
});

describe('listing samples', () => {
  it('returns members’ own samples, for administrators everybody’s, in pages', async () => {
    const { callId, host, others } = await createCall(app, owner, 1);
    const [colleague] = others;
    for (const [sequence, token] of [host.token, colleague!.token, colleague!.token].entries()) {
      app.clock.advanceSeconds(20);
      await postSamples(app, token, createBatch(app, { callId, sequence, samples: [sampleAt(app, 1)] }));
    }
    const owners = (answer: { body: { data: { participantId: string }[] } }) =>
      answer.body.data.map(({ participantId }) => participantId);
    const [first, second] = [host.participantId, colleague!.participantId];
    expect(owners(await listSamples(owner.token))).toEqual([first, second, second]);
    expect(owners(await listSamples(colleague!.token))).toEqual([second, second]);
    expect(owners(await listSamples(owner.token, `?participantId=${second}`))).toEqual([second, second]);
    expect(owners(await listSamples(colleague!.token, `?callId=${callId}&participantId=${first}`))).toEqual(
      [],
    );
    const page = await listSamples(owner.token, `?callId=${callId}&limit=2`);
    expect(owners(page)).toEqual([first, second]);
    const rest = await listSamples(owner.token, `?callId=${callId}&limit=2&cursor=${page.body.nextCursor}`);
    expect([owners(rest), rest.body.nextCursor]).toEqual([[second], null]);
  });

  it('of a call without the caller gets the answer of a call that does not exist', async () => {
    const { callId } = await createCall(app, owner);
    const outsider = await app.person({ role: 'member', organizationId: owner.organizationId });
    for (const token of [outsider.token, (await app.person()).token])
      expect((await listSamples(token, `?callId=${callId}`)).status).toBe(404);
  });
});

describe('the storage of one participant', () => {
  it('is limited over the whole call, and more is refused with the limit', async () => {
    const { callId, host, others } = await createCall(app, owner, 1);
    app.clock.advanceSeconds(60);
    const give = (token: string, sequence: number) =>
      postSamples(
        app,
        token,
        createBatch(app, { callId, sequence, samples: [sampleAt(app, 5, {}, [sentTrack()])] }),
      );
    expect((await give(host.token, 0)).status).toBe(201);
    const [{ size }] = (await ownerSql<{ size: number }>(
      'select size from quality_samples where participant_id = $1',
      [host.participantId],
    )) as [{ size: number }];
    // Simulates a participant with room for one more batch.
    const fill = (bytes: number) =>
      ownerSql('update quality_totals set size = $2 where participant_id = $1', [host.participantId, bytes]);
    await fill(20_000_000 - size);
    expect((await give(host.token, 1)).status).toBe(201);
    const refused = await give(host.token, 2);
    expect(refused).toMatchObject({ status: 409, body: { code: 'quality.samples_exhausted' } });
    expect(refused.body.detail).toContain('20000000');
    expect((await give(others[0]!.token, 0)).status).toBe(201);
  });

  it('is summed up with each batch', async () => {
    const { callId, host } = await createCall(app, owner);
    app.clock.advanceSeconds(60);
    for (let sequence = 0; sequence < 3; sequence++)
      await postSamples(app, host.token, createBatch(app, { callId, sequence, samples: [sampleAt(app, 5)] }));
    const [sums] = await ownerSql(
      `select t.size::int = (select sum(size) from quality_samples s where s.participant_id = t.participant_id) as exact
        from quality_totals t where participant_id = $1`,
      [host.participantId],
    );
    expect(sums).toEqual({ exact: true });
  });
});
