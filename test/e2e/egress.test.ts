import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { EgressClient, EgressStatus, EncodedFileOutput, S3Upload } from 'livekit-server-sdk';
import { afterEach, expect, it } from 'vitest';
import { sha256Hex } from '../../workers/local/storage/signature.ts';
import { probeFile, requireRecorder } from '../support/livekit/recorder.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api, dataDir } from './support/product.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  endAllParticipants();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** What is signed of a request without a body. */
const noBody = { 'x-amz-content-sha256': sha256Hex('') };
const RECORDED_MS = 4_000;
const TOLERATED_SECONDS = 0.5;

/** The API of the copy's media server and its bucket, with their keys. */
async function connectToEgress(url: string) {
  const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
  const [accessKeyId = '', secretAccessKey = ''] = [
    secrets.STORAGE_ACCESS_KEY_ID,
    secrets.STORAGE_SECRET_ACCESS_KEY,
  ];
  const { port } = new URL(api);
  const bucket = new S3Upload({
    endpoint: `http://127.0.0.1:${Number(port) + 8}`,
    region: 'us-east-1',
    bucket: 'recordings',
    forcePathStyle: true,
    accessKey: accessKeyId,
    secret: secretAccessKey,
  });
  return {
    egress: new EgressClient(url.replace('ws', 'http'), secrets.LIVEKIT_API_KEY, secrets.LIVEKIT_API_SECRET),
    bucket,
    storage: new AwsClient({ accessKeyId, secretAccessKey, region: 'us-east-1', service: 's3' }),
  };
}

/** A call of two people with a camera and a microphone each. */
async function startCall() {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom();
  const admission = await service.requestAdmission(room.id, 'ada');
  const people = [
    await Host.connect(admission),
    await Host.connect(await service.requestAdmission(room.id, 'ben')),
  ];
  for (const person of people) for (const kind of ['audio', 'video'] as const) await person.publish(kind);
  const readRoster = () => host.callApi(`/rooms/${room.id}/participants`);
  return {
    call: admission.callId as string,
    readRoster,
    ...(await connectToEgress(admission.url as string)),
  };
}

it('the media server records a call into files that play, and says which recordings fail', async (context) => {
  requireRecorder(context);
  const { call, egress, bucket, storage, readRoster } = await startCall();
  const begin = (filepath: string, options: { audioOnly?: boolean; bucket?: S3Upload } = {}) => {
    const output = options.bucket ? ({ case: 's3', value: options.bucket } as const) : undefined;
    return egress.startRoomCompositeEgress(
      call,
      { file: new EncodedFileOutput({ filepath, output }) },
      options,
    );
  };
  const started = [
    await begin(`${call}/everybody.mp4`, { bucket }),
    await begin(`${call}/voices`, { audioOnly: true }),
    await begin(`fault-recorder-dies/${call}.mp4`),
  ];
  expect(started.map(({ status }) => status)).toEqual(started.map(() => EgressStatus.EGRESS_STARTING));
  const [everybody = '', voices = '', dying = ''] = started.map(({ egressId }) => egressId);
  const find = async (egressId: string) => (await egress.listEgress({ egressId }))[0]!;
  const waitFor = (egressId: string, status: EgressStatus) =>
    expect.poll(async () => (await find(egressId)).status, { interval: 250, timeout: 40_000 }).toBe(status);
  await waitFor(everybody, EgressStatus.EGRESS_ACTIVE);
  await waitFor(voices, EgressStatus.EGRESS_ACTIVE);
  await sleep(RECORDED_MS);
  const { data, missing } = await readRoster();
  const byRole = Object.groupBy(data as JsonBody[], ({ role }) => role);
  expect(missing).toEqual([]);
  expect(byRole.participant).toHaveLength(2);
  // Recorders are observers, which no limit of participants counts.
  for (const { identity } of byRole.observer ?? [])
    expect(started.map(({ egressId }) => egressId)).toContain(identity);
  expect((await egress.stopEgress(everybody)).status).toBe(EgressStatus.EGRESS_ENDING);
  await egress.stopEgress(voices);
  await waitFor(everybody, EgressStatus.EGRESS_COMPLETE);
  await waitFor(voices, EgressStatus.EGRESS_COMPLETE);

  const folder = await mkdtemp(join(tmpdir(), 'auralink-recording-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const openFile = async (egressId: string) => {
    const [result] = (await find(egressId)).fileResults;
    const { size, location, duration, filename } = result!;
    const bytes = location.startsWith('http')
      ? new Uint8Array(await (await storage.fetch(location, { headers: noBody })).arrayBuffer())
      : await readFile(location);
    expect(bytes.length).toBe(Number(size));
    const file = join(folder, egressId);
    await writeFile(file, bytes);
    const probed = await probeFile(file);
    const seconds = Number(duration) / 1e9;
    expect(seconds).toBeGreaterThan(RECORDED_MS / 1_000);
    for (const stream of [probed, ...probed.streams])
      expect(Math.abs(stream.seconds - seconds)).toBeLessThan(TOLERATED_SECONDS);
    return { filename, location, streams: probed.streams, seconds };
  };
  const { filename, location, streams, seconds } = await openFile(everybody);
  expect(filename).toBe(`${call}/everybody.mp4`);
  expect(location).toBe(`${bucket.endpoint}/recordings/${filename}`);
  expect(streams).toMatchObject([{ codec: 'h264', width: 320, height: 180 }, { codec: 'aac' }]);
  const [pictures, sound] = streams;
  expect(pictures!.changes).toBeGreaterThan(seconds * 4); // they move
  expect(Math.abs(sound!.hertz - 440)).toBeLessThan(20);
  const audio = await openFile(voices);
  expect(audio.filename).toBe(`${call}/voices.ogg`);
  expect(audio.streams).toMatchObject([{ codec: 'opus' }]);
  expect(Math.abs(audio.streams[0]!.hertz - 440)).toBeLessThan(20);

  await waitFor(dying, EgressStatus.EGRESS_FAILED);
  const failed = await find(dying);
  expect(failed.error).toContain('the recorder ended');
  await expect(egress.stopEgress(dying)).rejects.toThrow('cannot be stopped');
}, 90_000);
