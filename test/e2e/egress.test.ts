import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressClient, EgressStatus, type EncodedFileOutput } from 'livekit-server-sdk';
import { afterEach, expect, it } from 'vitest';
import { probeFile, requireRecorder } from '../support/livekit/recorder.ts';
import { Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api, dataDir } from './support/product.ts';

afterEach(endAllParticipants);

const RECORDED_MS = 4_000;
const TOLERATED_SECONDS = 0.5;

/** The API of the copy's media server, with its keys. */
async function connectToEgress(url: string): Promise<EgressClient> {
  const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
  return new EgressClient(url.replace('ws', 'http'), secrets.LIVEKIT_API_KEY, secrets.LIVEKIT_API_SECRET);
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
  return { call: admission.callId as string, egress: await connectToEgress(admission.url as string) };
}

it('the media server records a call into files that play, and says which recordings fail', async (context) => {
  requireRecorder(context);
  const { call, egress } = await startCall();
  const begin = (filepath: string, options: { audioOnly?: boolean } = {}) =>
    egress.startRoomCompositeEgress(call, { file: { filepath } as EncodedFileOutput }, options);
  const started = [
    await begin(`${call}/everybody.mp4`),
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
  expect((await egress.stopEgress(everybody)).status).toBe(EgressStatus.EGRESS_ENDING);
  await egress.stopEgress(voices);
  await waitFor(everybody, EgressStatus.EGRESS_COMPLETE);
  await waitFor(voices, EgressStatus.EGRESS_COMPLETE);

  const openFile = async (egressId: string) => {
    const [result] = (await find(egressId)).fileResults;
    const { size, location, duration, filename } = result!;
    expect((await readFile(location)).length).toBe(Number(size));
    const probed = await probeFile(location);
    const seconds = Number(duration) / 1e9;
    expect(seconds).toBeGreaterThan(RECORDED_MS / 1_000);
    for (const stream of [probed, ...probed.streams])
      expect(Math.abs(stream.seconds - seconds)).toBeLessThan(TOLERATED_SECONDS);
    return { filename, streams: probed.streams, seconds };
  };
  const { filename, streams, seconds } = await openFile(everybody);
  expect(filename).toBe(`${call}/everybody.mp4`);
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
