import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressClient, EgressStatus, EncodedFileOutput } from 'livekit-server-sdk';
import { afterEach, expect, it } from 'vitest';
import { probeFile, receiveStream, requireRecorder } from '../support/livekit/recorder.ts';
import { openBrowser, requireBrowser } from './support/browser.ts';
import { addBucket, openStorage, readSecrets } from './support/bucket.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  endAllParticipants();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const RECORDED_MS = 4_000;
const TOLERATED_SECONDS = 0.5;
/** A busy machine may take long until a recorder is in the call. */
const WITHIN_MS = 45_000;

/** A call of two people with a camera and a microphone each. */
async function startCall() {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom({ features: { recording: true } });
  const admission = await service.requestAdmission(room.id, 'ada');
  const people = [
    await Host.connect(admission),
    await Host.connect(await service.requestAdmission(room.id, 'ben')),
  ];
  for (const person of people) for (const kind of ['audio', 'video'] as const) await person.publish(kind);
  const isActive = async () => (await host.callApi(`/calls/${admission.callId}`)).status === 'active';
  await expect.poll(isActive).toBe(true);
  const { LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = await readSecrets();
  const address = (admission.url as string).replace('ws', 'http');
  return {
    host,
    roomPath: `/rooms/${room.id}`,
    call: admission.callId as string,
    egress: new EgressClient(address, LIVEKIT_API_KEY, LIVEKIT_API_SECRET),
  };
}

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-recording-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  return folder;
}

/** A receiver of one stream, as customers have them, at the only address that the running product may send to. */
async function startReceiver(streamKey: string) {
  const file = join(await createFolder(), 'stream.flv');
  const url = `rtmp://127.0.0.1:${Number(new URL(api).port) + 10}/live`;
  const { ended, stop } = await receiveStream(`${url}/${streamKey}`, file);
  cleanUps.push(async () => stop());
  return { target: { url, streamKey }, file, ended };
}

/** Decodes a recording, which has to last as long as was said, with each of its streams. */
async function play(bytes: Uint8Array, seconds: number) {
  const file = join(await createFolder(), 'recording');
  await writeFile(file, bytes);
  const probed = await probeFile(file);
  expect(seconds).toBeGreaterThan(RECORDED_MS / 1_000);
  for (const stream of [probed, ...probed.streams])
    expect(Math.abs(stream.seconds - seconds)).toBeLessThan(TOLERATED_SECONDS);
  return probed.streams;
}

/** Plays a recording on its page, as a person who got the address does. */
async function watch(program: string, url: string): Promise<void> {
  const browser = await openBrowser(program);
  cleanUps.push(() => browser.close());
  const { page, pageErrors } = await browser.visit(url);
  await page.getByText('Start of the recording').waitFor();
  const people = await page.locator('#people .person-name').allTextContents();
  expect(people.toSorted()).toEqual(['ada', 'ben']);
  await page.evaluate("document.querySelector('video').play()");
  const position = () => page.evaluate<number>("document.querySelector('video').currentTime");
  await expect.poll(position).toBeGreaterThan(1);
  const speed = () => page.evaluate<number>("document.querySelector('video').playbackRate");
  await page.getByLabel('Speed').selectOption('1.5');
  expect(await speed()).toBe(1.5);
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('<');
  expect(await speed()).toBe(1.25);
  expect(pageErrors).toEqual([]);
}

it('a call is recorded and streamed, and both play; a recorder that dies and a receiver that refuses have failed alone', async (context) => {
  requireRecorder(context);
  const program = requireBrowser(context);
  const receiver = await startReceiver('the-first-key');
  const { host, roomPath, call, egress } = await startCall();
  const start = async (what: object) =>
    (await host.callApi(`${roomPath}/recordings`, 'POST', what)).id as string;
  const find = (id: string, kind = 'recordings'): Promise<JsonBody> =>
    host.callApi(`${roomPath}/${kind}/${id}`);
  const waitFor = (id: string, expected: object, kind?: string) =>
    expect.poll(() => find(id, kind), { timeout: WITHIN_MS }).toMatchObject(expected);
  const statusOf = async (egressId: string) => (await egress.listEgress({ egressId }))[0]!.status;
  const waitForStatus = (egressId: string, status: EgressStatus) =>
    expect.poll(() => statusOf(egressId), { interval: 250, timeout: WITHIN_MS }).toBe(status);

  // The organization has no bucket yet, so the product stores it.
  const everybody = await start({ kind: 'composite' });
  const bucketId = await addBucket(host, 'fault-recorder-dies/');
  const dying = await start({ kind: 'participant', identity: 'ext_ada', bucketId });
  const file = new EncodedFileOutput({ filepath: `${call}/voices` });
  const { egressId: voices } = await egress.startRoomCompositeEgress(call, { file }, { audioOnly: true });
  const targets = [receiver.target];
  const { id: stream } = await host.callApi(`${roomPath}/streams`, 'POST', { targets });
  await waitFor(everybody, { state: 'active' });
  const live = { state: 'active', startedAt: expect.any(String), endedAt: null };
  await waitFor(stream, { state: 'active', targets: [live] }, 'streams');
  await waitForStatus(voices, EgressStatus.EGRESS_ACTIVE);
  const recorded = sleep(RECORDED_MS);
  // The receiver has its sender, and refuses any other.
  const refused = { ...receiver.target, streamKey: 'another-key' };
  await host.callApi(`${roomPath}/streams/${stream}/targets`, 'POST', refused);
  const failed = { state: 'failed', reason: null, endedAt: expect.any(String) };
  await waitFor(stream, { state: 'active', targets: [live, failed] }, 'streams');
  // Another target is added, and taken away again.
  const short = await startReceiver('a-third-key');
  const changed = await host.callApi(`${roomPath}/streams/${stream}/targets`, 'POST', short.target);
  await waitFor(stream, { state: 'active', targets: [live, failed, live] }, 'streams');
  await host.callApi(`${roomPath}/streams/${stream}/targets/${changed.targets[2].id}`, 'DELETE');
  const removed = { state: 'ended', reason: 'removed', endedAt: expect.any(String) };
  await waitFor(stream, { state: 'active', targets: [live, failed, removed] }, 'streams');
  await short.ended;
  expect((await probeFile(short.file)).streams).toMatchObject([{ codec: 'h264' }, { codec: 'aac' }]);
  await recorded;
  const { data, missing } = await host.callApi(`${roomPath}/participants`);
  const byRole = Object.groupBy(data as JsonBody[], ({ role }) => role);
  expect(missing).toEqual([]);
  expect(byRole.participant).toHaveLength(2);
  // Recorders are observers, which no limit of participants counts.
  for (const { identity } of byRole.observer ?? []) expect(identity).toMatch(/^EG_/);
  await host.callApi(`${roomPath}/recordings/${everybody}/stop`, 'POST');
  await host.callApi(`${roomPath}/streams/${stream}/stop`, 'POST');
  expect((await egress.stopEgress(voices)).status).toBe(EgressStatus.EGRESS_ENDING);

  await waitForStatus(voices, EgressStatus.EGRESS_COMPLETE);
  const [result] = (await egress.listEgress({ egressId: voices }))[0]!.fileResults;
  expect(result!.filename).toBe(`${call}/voices.ogg`);
  const ogg = await readFile(result!.location);
  expect(ogg.length).toBe(Number(result!.size));
  const [opus, ...none] = await play(ogg, Number(result!.duration) / 1e9);
  expect({ codec: opus?.codec, none }).toEqual({ codec: 'opus', none: [] });
  expect(Math.abs(opus!.hertz - 440)).toBeLessThan(20);

  const verified = { state: 'ready', reason: null, stopReason: 'requested', storage: 'product' };
  await waitFor(everybody, verified);
  const { sizeBytes, durationSeconds, checksum } = await find(everybody);
  const { url } = await host.callApi(`${roomPath}/recordings/${everybody}/download`);
  const mp4 = new Uint8Array(await (await fetch(url)).arrayBuffer());
  expect(mp4.length).toBe(sizeBytes);
  expect(createHash('sha256').update(mp4).digest('hex')).toBe(checksum);
  const part = await fetch(`${url}?disposition=inline`, { headers: { range: 'bytes=100-199' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${sizeBytes}`]);
  expect(Buffer.from(await part.arrayBuffer()).equals(mp4.subarray(100, 200))).toBe(true);
  const streams = await play(mp4, durationSeconds);
  expect(streams).toMatchObject([{ codec: 'h264', width: 320, height: 180 }, { codec: 'aac' }]);
  const [pictures, sound] = streams;
  expect(pictures!.changes).toBeGreaterThan(durationSeconds * 4); // they move
  expect(Math.abs(sound!.hertz - 440)).toBeLessThan(20);
  await watch(program, (await host.callApi(`${roomPath}/recordings/${everybody}/playback`, 'POST')).url);

  const ended = { state: 'ended', reason: null, startedAt: expect.any(String), endedAt: expect.any(String) };
  await waitFor(stream, { ...ended, stopReason: 'requested', targets: [ended, failed, removed] }, 'streams');
  await receiver.ended;
  const received = (await probeFile(receiver.file)).streams;
  expect(received).toMatchObject([{ codec: 'h264', width: 320, height: 180 }, { codec: 'aac' }]);
  for (const { seconds } of received) expect(seconds).toBeGreaterThan(RECORDED_MS / 1_000);
  expect(received[0]!.changes).toBeGreaterThan((RECORDED_MS / 1_000) * 4);
  expect(Math.abs(received[1]!.hertz - 440)).toBeLessThan(20);

  await waitFor(dying, { state: 'failed', reason: 'recorder_failed' });
});

it('a call is sent by SRT and written as HLS segments beside it, and both play', async (context) => {
  requireRecorder(context);
  const folder = await createFolder();
  const [srt, received] = [`srt://127.0.0.1:${Number(new URL(api).port) + 10}`, join(folder, 'stream.ts')];
  const { ended, stop } = await receiveStream(`${srt}?mode=listener`, received);
  cleanUps.push(async () => stop());
  const { host, roomPath } = await startCall();
  const bucketId = await addBucket(host, 'segments/');
  const body = { targets: [{ url: srt }], segments: { bucketId, segmentSeconds: 2 } };
  const { id } = await host.callApi(`${roomPath}/streams`, 'POST', body);
  const find = () => host.callApi(`${roomPath}/streams/${id}`);
  const waitFor = (expected: object) => expect.poll(find, { timeout: WITHIN_MS }).toMatchObject(expected);
  await waitFor({ state: 'active', targets: [{ state: 'active' }] });
  await expect
    .poll(async () => (await find()).segments.segmentCount, { timeout: WITHIN_MS })
    .toBeGreaterThan(1);
  await host.callApi(`${roomPath}/streams/${id}/stop`, 'POST');
  await waitFor({ state: 'ended', reason: null, targets: [{ state: 'ended', reason: null }] });

  await ended;
  expect((await probeFile(received)).streams).toMatchObject([
    { codec: 'h264', width: 320 },
    { codec: 'aac' },
  ]);
  const { segments } = await find();
  const storage = await openStorage();
  const playlist = await storage.read(segments.playlistKey);
  const names = playlist.toString().match(/^[^#\n].*$/gm) ?? [];
  expect(names).toHaveLength(segments.segmentCount);
  expect((await storage.read(segments.livePlaylistKey)).toString()).toContain('#EXT-X-ENDLIST');
  const prefix = segments.playlistKey.replace(/[^/]+$/, '');
  const files = await Promise.all(names.map((name) => storage.read(`${prefix}${name}`)));
  expect(files.reduce((sum, file) => sum + file.length, 0)).toBe(segments.sizeBytes);
  for (const [index, name] of names.entries()) await writeFile(join(folder, name), files[index]!);
  await writeFile(join(folder, 'index.m3u8'), playlist);
  const played = await probeFile(join(folder, 'index.m3u8'));
  expect(played.streams).toMatchObject([{ codec: 'h264', width: 320, height: 180 }, { codec: 'aac' }]);
  for (const { seconds } of played.streams) expect(seconds).toBeGreaterThan(2);
  expect(Math.abs(played.streams[1]!.hertz - 440)).toBeLessThan(20);
});
