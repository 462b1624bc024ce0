import { loadavg } from 'node:os';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { findSpeechTools } from '../../workers/local/speech.ts';
import { requireMediaServer } from '../support/livekit/server.ts';
import { countWordErrors, readSentences, type Sentence } from '../support/speech-service.ts';
import { Host, type JsonBody } from './support/host.ts';
import { endAllParticipants, type Participant } from './support/participant.ts';
import { createOwnProduct, type OwnProduct } from './support/own-product.ts';

/** One with the speech service, which the others do without. */
let product: OwnProduct;
beforeAll(async () => {
  product = await createOwnProduct();
  await product.start({ env: { SPEECH_URL: undefined } }).ready();
}, 180_000);
afterEach(endAllParticipants);
afterAll(() => product.close());

/** Models take seconds to load, and a busy machine several to write down a sentence. */
const WITHIN_MS = 60_000;
/** Share of words: up to an eighth was seen of sentences that are cut while two people speak; in one piece it is a twentieth at most. */
const MOST_WRONG = 0.2;

/** The local voice speaks English; a host may have it speak any language. */
const SPOKEN = { language: 'es', voice: 'joe' };
const SPEAKER = 'agt_~spoken';

interface Said {
  speaker: string;
  text: string;
  beganMs: number;
  endedMs: number;
}

/** Speaks sentences with a pause after each. */
async function talk(person: Participant, speaker: string, sentences: readonly Sentence[]): Promise<Said[]> {
  const said: Said[] = [];
  for (const { text, file } of sentences) {
    const beganMs = Date.now();
    await person.speak(file);
    said.push({ speaker, text, beganMs, endedMs: Date.now() });
    await new Promise((resolve) => {
      setTimeout(resolve, 2_500);
    });
  }
  return said;
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

it('two people who speak at once are captioned, translated and spoken while they speak, and kept as a transcript', async (context) => {
  requireMediaServer(context);
  // CI installs it.
  expect(findSpeechTools().isInstalled, 'npm run speech:install').toBe(true);
  const host = await Host.signUp(`http://localhost:${product.port}`);
  const service = await host.createService();
  const room = await host.createRoom();
  const [adaSeat, benSeat] = [
    await service.requestAdmission(room.id, 'ada'),
    await service.requestAdmission(room.id, 'ben'),
  ];
  const [ada, ben] = [await Host.connect(adaSeat), await Host.connect(benSeat)];
  const frames: { at: number; frame: JsonBody }[] = [];
  const { url, ticket } = adaSeat.realtime;
  const socket = new WebSocket(url as string, ['auralink.v1', `ticket.${ticket}`]);
  socket.on('open', () => socket.send('{"type":"hello"}'));
  socket.on('message', (data: Buffer) => frames.push({ at: Date.now(), frame: JSON.parse(data.toString()) }));
  await vi.waitFor(() => host.callApi('/ai/voices'), { interval: 1_000, timeout: WITHIN_MS });
  const path = `/rooms/${room.id}/captions`;
  const captions = await vi.waitFor(() => host.callApi(path, 'PUT', { language: 'en', speakIn: [SPOKEN] }), {
    interval: 500,
    timeout: 15_000,
  });
  await ada.waitUntil(({ people }) => people.includes('agt_~captions'), WITHIN_MS);
  await expect
    .poll(() => frames.findLast(({ frame }) => frame.type === 'captions.running')?.frame.captions.languages, {
      timeout: WITHIN_MS,
    })
    .toContain('es');
  socket.send(JSON.stringify({ type: 'captions.ask', id: crypto.randomUUID(), language: 'es' }));
  await ada.waitUntil(({ people }) => people.includes(SPEAKER), WITHIN_MS);
  socket.send(JSON.stringify({ type: 'captions.listen', id: crypto.randomUUID(), language: 'es' }));

  // Polled beside what follows, because a voice sounds for seconds.
  const spoken = ada.waitUntil(
    ({ tracks }) => tracks.some(({ from, hertz }) => from === SPEAKER && hertz > 0),
    3 * WITHIN_MS,
  );
  const sentences = await readSentences();
  const said = (
    await Promise.all([
      talk(ada, 'ext_ada', [sentences[1]!, sentences[4]!]),
      talk(ben, 'ext_ben', [sentences[4]!, sentences[1]!]),
    ])
  ).flat();
  const finalsOf = (speaker: string, language: string) =>
    frames.filter(
      ({ frame }) =>
        frame.type === 'caption.final' && frame.speaker === speaker && frame.language === language,
    );
  const textOf = (speaker: string) =>
    finalsOf(speaker, 'en')
      .map(({ frame }) => frame.text)
      .join(' ');
  const SPEAKERS = ['ext_ada', 'ext_ben'];
  const wordsOf = (speaker: string) => textOf(speaker).split(' ').length;
  const spokenWords = `${sentences[1]!.text} ${sentences[4]!.text}`.split(' ').length;
  await expect
    .poll(() => Math.min(...SPEAKERS.map(wordsOf)), { timeout: WITHIN_MS })
    .toBeGreaterThanOrEqual((1 - MOST_WRONG) * spokenWords);
  const translations = () =>
    frames.filter(({ frame }) => frame.type === 'caption.translated' && frame.language === 'es');
  await expect
    .poll(() => new Set(translations().map(({ frame }) => frame.speaker)).size, { timeout: WITHIN_MS })
    .toBe(2);
  expect(finalsOf('ext_ada', 'es')).toEqual([]);
  await spoken;
  // Ben subscribes to every track of the call, and gets none that he did not ask for.
  const { tracks } = await ben.getReceivedMedia();
  expect(tracks.map(({ from }) => from)).not.toContain(SPEAKER);
  await expect
    .poll(async () => JSON.stringify(await host.callApi(`/calls/${captions.callId}/cost`)), {
      timeout: WITHIN_MS,
    })
    .toContain('spoken_characters');

  const partials = said.flatMap(({ speaker, beganMs, endedMs }) => {
    const first = frames.find(
      ({ at, frame }) =>
        frame.type === 'caption.partial' && frame.speaker === speaker && at > beganMs && at < endedMs + 5_000,
    );
    return first ? [first.at - beganMs] : [];
  });
  const finals = said.map(({ speaker, endedMs }, at) => {
    const next = said.find((each, index) => index > at && each.speaker === speaker)?.endedMs ?? Infinity;
    const last = finalsOf(speaker, 'en').findLast(({ at: shownMs }) => shownMs < next);
    return (last?.at ?? Infinity) - endedMs;
  });
  const errors = SPEAKERS.map((speaker) => {
    const spoken = said.filter((each) => each.speaker === speaker).map(({ text }) => text);
    return countWordErrors(spoken.join(' '), textOf(speaker).replaceAll('-', ' '));
  });
  console.log(
    'captions',
    JSON.stringify({
      load: loadavg()[0],
      partials,
      finals,
      median: [median(partials), median(finals)],
      errors,
    }),
  );
  expect(partials).not.toEqual([]);
  const sumOf = (what: 'errors' | 'words') => errors.reduce((sum, each) => sum + each[what], 0);
  expect(sumOf('errors') / sumOf('words')).toBeLessThanOrEqual(MOST_WRONG);

  await host.callApi(path, 'DELETE');
  const transcript = await host.callApi(`/ai/transcriptions/${captions.transcriptionId}/segments?limit=100`);
  const kept = transcript.data.map(({ speaker, text }: JsonBody) => `${speaker}: ${text}`).join(' ');
  expect(kept).toContain('ext_ada');
  expect(kept).toContain('ext_ben');
  socket.close();
  // The sign goes with the captions.
  await ada.waitUntil(
    ({ people }) => !people.includes('agt_~captions') && !people.includes(SPEAKER),
    WITHIN_MS,
  );
}, 240_000);

it('speech of a device of its own is recognized through a socket, which is continued when it breaks', async () => {
  const host = await Host.signUp(`http://localhost:${product.port}`);
  const [sentence] = (await readSentences()).slice(1);
  const { wav, text } = sentence!;
  const sound = wav.subarray(44);
  const begun = await vi.waitFor(() => host.callApi('/ai/recognitions', 'POST', { language: 'en' }), {
    interval: 1_000,
    timeout: WITHIN_MS,
  });
  const frames: JsonBody[] = [];
  /** Opens a socket and sends sound from where it has to be sent, up to a moment. */
  const connect = async ({ url, protocols }: JsonBody, untilMs: number, after: number) => {
    const socket = new WebSocket(url as string, protocols as string[]);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', after })));
    const ready = new Promise<number>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const frame: JsonBody = JSON.parse(data.toString());
        frames.push(frame);
        if (frame.type === 'ready') resolve(frame.fromMs as number);
      });
    });
    for (let at = (await ready) * 32; at < Math.min(untilMs * 32, sound.length); at += 32_000)
      socket.send(sound.subarray(at, Math.min(at + 32_000, untilMs * 32)));
    return socket;
  };
  const broken = await connect(begun, 2_000, 0);
  broken.terminate();
  const ticket = await host.callApi(`/ai/recognitions/${begun.id}/tickets`, 'POST');
  const socket = await connect(ticket, sound.length / 32, 0);
  socket.send('{"type":"close"}');
  await vi.waitFor(() => expect(frames.at(-1)).toMatchObject({ type: 'ended', reason: 'closed' }), {
    timeout: WITHIN_MS,
  });
  const said = frames.flatMap((frame) => (frame.type === 'final' ? [frame.text as string] : [])).join(' ');
  expect(countWordErrors(text, said.replaceAll('-', ' ')).errors).toBeLessThanOrEqual(2);
});
