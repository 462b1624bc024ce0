import { setTimeout as sleep } from 'node:timers/promises';
import { EgressClient, EgressStatus } from 'livekit-server-sdk';
import { afterEach, expect, it } from 'vitest';
import { requireRecorder } from '../support/livekit/recorder.ts';
import { addBucket, readSecrets } from './support/bucket.ts';
import { storeFilm } from './support/film.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { letMinutesPass, runScheduledTasks } from './support/passed-time.ts';
import { api } from './support/product.ts';

afterEach(endAllParticipants);

/** A busy machine may take long until recorders are in the calls. */
const POLL = { interval: 2_000, timeout: 180_000 };
/** A worker vanishes a second after its recording began. */
const VANISHED_MS = 2_500;

/**
 * A call of one person with three microphones: what can be recorded of it is the whole, and each of them.
 * @param faults of its recordings; each is asked for by a bucket
 */
async function startCall<Fault extends string>(...faults: Fault[]) {
  const host = await Host.signUp(api);
  const buckets: [fault: Fault, bucketId: string][] = [];
  for (const fault of faults) buckets.push([fault, await addBucket(host, `fault-${fault}/`)]);
  const service = await host.createService();
  const room = await host.createRoom({ features: { recording: true } });
  const admission = await service.requestAdmission(room.id, 'ada');
  const ada = await Host.connect(admission);
  const tracks = [await ada.publish('audio'), await ada.publish('audio'), await ada.publish('audio')];
  const call = admission.callId as string;
  const listPublished = async () =>
    (await host.callApi(`/calls/${call}/timeline`)).data.flatMap(({ trackSid }: JsonBody) => trackSid ?? []);
  await expect.poll(listPublished, POLL).toEqual(expect.arrayContaining(tracks));
  const path = `/rooms/${room.id}/recordings`;
  return {
    host,
    path,
    room: room.id as string,
    call,
    address: (admission.url as string).replace('ws', 'http'),
    /** Begins a recording with each fault, of the whole call and of its tracks. @returns their ids by fault */
    async record(): Promise<Record<Fault, string>> {
      const begin = async ([fault, bucketId]: [Fault, string], index: number) => {
        const trackSid = tracks[index - 1];
        const what = trackSid ? { kind: 'track', trackSid } : { kind: 'audio' };
        return [fault, (await host.callApi(path, 'POST', { ...what, bucketId })).id as string];
      };
      return Object.fromEntries(await Promise.all(buckets.map(begin))) as Record<Fault, string>;
    },
    stop: (ids: string[]) => Promise.all(ids.map((id) => host.callApi(`${path}/${id}/stop`, 'POST'))),
    /** Waits until recordings are as they should be; one request asks for all of them. */
    async waitFor(expected: Record<string, [state: string, reason: string | null]>): Promise<void> {
      const read = async () => {
        const { data } = await host.callApi(path);
        const found = data.map(({ id, state, reason }: JsonBody) => [id, [state, reason]]);
        return Object.fromEntries(found) as Record<string, [string, string | null]>;
      };
      await expect.poll(read, POLL).toMatchObject(expected);
    },
  };
}

/** Eight recorders start at once, and a worker that is gone is noticed after half a minute. */
const TIME_LIMIT_MS = 600_000;

it(
  'what goes wrong at a recorder or in its bucket ends in its state, with its reason, and harms no other',
  { timeout: TIME_LIMIT_MS },
  async (context) => {
    requireRecorder(context);
    const [one, other, film] = await Promise.all([
      startCall('slow-upload', 'uploads-nothing', 'wrong-size', 'late-events'),
      startCall('hangs', 'worker-vanishes', 'reaches-limit', 'aborts'),
      storeFilm('fault-ingress-vanishes/film.mp4', 60),
    ]);
    const source = { kind: 'url', name: 'Film', sourceUrl: film };
    const { id: ingress } = await other.host.callApi(`/rooms/${other.room}/ingresses`, 'POST', source);
    const findIngress = () => other.host.callApi(`/rooms/${other.room}/ingresses/${ingress}`);
    const [written, ended] = await Promise.all([one.record(), other.record()]);
    await Promise.all([
      other.waitFor({
        [ended.aborts]: ['failed', 'recorder_aborted'],
        [ended['reaches-limit']]: ['ready', 'limit_reached'],
        [ended.hangs]: ['active', null],
        [ended['worker-vanishes']]: ['active', null],
      }),
      one.waitFor(Object.fromEntries(Object.values(written).map((id) => [id, ['active', null]]))),
    ]);
    await sleep(VANISHED_MS);
    await Promise.all([
      one.stop(Object.values(written)),
      other.stop([ended.hangs, ended['worker-vanishes']]),
    ]);

    await other.waitFor({
      [ended.hangs]: ['finalizing', null],
      [ended['worker-vanishes']]: ['active', null],
    });
    await one.waitFor({
      [written['uploads-nothing']]: ['failed', 'object_missing'],
      [written['wrong-size']]: ['failed', 'size_differs'],
      [written['slow-upload']]: ['ready', null],
      [written['late-events']]: ['ready', null],
    });

    // Nothing more comes from them: an hour after the stop they are given up.
    for (const id of [ended.hangs, ended['worker-vanishes']]) await letMinutesPass(id, 61);
    await runScheduledTasks();
    await other.waitFor({
      [ended.hangs]: ['failed', 'recorder_hangs'],
      [ended['worker-vanishes']]: ['failed', 'recorder_hangs'],
    });

    // The cluster has the end of one once more as an ending; that is no way back.
    const { LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = await readSecrets();
    const egress = new EgressClient(one.address, LIVEKIT_API_KEY, LIVEKIT_API_SECRET);
    const listEnding = async () => {
      const all = await egress.listEgress({ roomName: one.call });
      return all.filter(({ status }) => status === EgressStatus.EGRESS_ENDING).length;
    };
    await expect.poll(listEnding, POLL).toBe(1);
    await runScheduledTasks();
    await one.waitFor({ [written['late-events']]: ['ready', null] });

    await expect.poll(findIngress, POLL).toMatchObject({ state: 'failed', reason: 'lost' });
  },
);
