import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  countWordErrors,
  readSentences,
  type Sentence,
  type SpeechService,
  startSpeechService,
} from '../../support/speech-service.ts';

let service: SpeechService;
let sentences: Sentence[];
beforeAll(async () => {
  [service, sentences] = await Promise.all([startSpeechService(), readSentences()]);
}, 90_000);
afterAll(() => service.stop());

interface Message {
  type: string;
  segment: number;
  version: number;
  text: string;
  start: number;
  end: number;
  code: string;
  words: { word: string; start: number; end: number }[];
}

const FRAME_BYTES = 640; // 20 ms

/** A stream; `until` resolves with all messages once one of a type has come. */
async function open(start: object) {
  const headers = { Authorization: `Bearer ${service.secret}` };
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/v1/audio/stream`, { headers });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    for (const check of waiting) check();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'start', ...start }));
  const until = (type: string) =>
    new Promise<Message[]>((resolve) => {
      const check = () => messages.some((message) => message.type === type) && resolve(messages);
      waiting.add(check);
      check();
    });
  return { socket, until };
}

const listen = (socket: WebSocket, sound: Uint8Array) => {
  for (let at = 0; at < sound.length; at += FRAME_BYTES) socket.send(sound.subarray(at, at + FRAME_BYTES));
};

it('gives versions of a sentence while it is spoken, and each once with its words when it has ended', async () => {
  const { socket, until } = await open({ language: 'en', offset: 100 });
  const [, second, , , fifth] = sentences;
  for (const { pcm } of [second!, fifth!]) {
    listen(socket, pcm);
    listen(socket, new Uint8Array(32_000)); // a second of silence
  }
  socket.send(JSON.stringify({ type: 'finalize' }));
  const messages = await until('finalized');
  const finals = messages.filter(({ type }) => type === 'final');
  const text = finals.map((final) => final.text).join(' ');
  expect(countWordErrors(`${second!.text} ${fifth!.text}`, text), text).toMatchObject({ errors: 0 });
  expect(finals.map(({ segment }) => segment)).toEqual(finals.map((_, at) => at));
  for (const { start, end, words } of finals) {
    expect(start).toBeGreaterThanOrEqual(100);
    expect(words[0]!.start).toBeGreaterThanOrEqual(start);
    expect(words.at(-1)!.end).toBeLessThanOrEqual(end + 0.6);
  }
  for (const { segment, version } of messages.filter(({ type }) => type === 'partial')) {
    expect(version).toBeGreaterThanOrEqual(1);
    expect(segment).toBeLessThan(finals.length);
  }
  socket.close();
});

it('hears nothing in silence, and takes a message that is wrong as the end of that stream alone', async () => {
  const quiet = await open({});
  const wrong = await open({});
  wrong.socket.send(new Uint8Array(3));
  expect((await wrong.until('error')).at(-1)).toMatchObject({ code: 'sound_invalid' });
  listen(quiet.socket, new Uint8Array(64_000));
  quiet.socket.send(JSON.stringify({ type: 'finalize' }));
  expect((await quiet.until('finalized')).map(({ type }) => type)).toEqual(['started', 'finalized']);
  quiet.socket.close();
  expect((await (await open({ encoding: 'mp3' })).until('error')).at(-1)).toMatchObject({
    code: 'start_invalid',
  });
  const opus = await open({ encoding: 'opus' });
  opus.socket.send(Buffer.from('this is not opus at all, but it is long enough'.repeat(40)));
  expect((await opus.until('error')).at(-1)).toMatchObject({ code: 'sound_invalid' });
});

it('writes down what was said and no more, wherever a sentence breaks off, and for two people at once', async () => {
  const bytesOf = (seconds: number) => Math.round(seconds * 16_000) * 2;
  const parts = sentences.flatMap(({ text, pcm }) =>
    [1.3, 4.8].map((seconds) => ({ text, pcm: pcm.slice(0, bytesOf(seconds)) })),
  );
  const [left, right] = await Promise.all([open({ language: 'en' }), open({ language: 'en' })]);
  for (const { socket } of [left, right]) {
    for (const { pcm } of parts) {
      listen(socket, pcm);
      listen(socket, new Uint8Array(bytesOf(1)));
    }
    socket.send(JSON.stringify({ type: 'finalize' }));
  }
  const finals = [await left.until('finalized'), await right.until('finalized')].map((messages) =>
    messages.filter(({ type }) => type === 'final'),
  );
  for (const each of finals) {
    expect(each.length).toBeGreaterThanOrEqual(parts.length);
    // People speak at most six words in a second; Whisper that repeats itself says ten.
    for (const { text, start, end } of each)
      expect(text.split(' ').length, text).toBeLessThanOrEqual(2 + 6 * (end - start));
  }
  left.socket.close();
  right.socket.close();
});

it('says to an agent when somebody speaks and stops, and gives the text alone', async () => {
  const { socket, until } = await open({ turns: true });
  const { pcm, text } = sentences[1]!;
  listen(socket, pcm);
  listen(socket, new Uint8Array(8_000));
  await until('pause');
  socket.send(JSON.stringify({ type: 'finalize' }));
  const messages = await until('finalized');
  const types = messages.map(({ type }) => type);
  expect(new Set(types.filter((type) => type !== 'working'))).toEqual(
    new Set(['started', 'sound', 'speech', 'pause', 'final', 'finalized']),
  );
  expect(types.indexOf('speech')).toBeLessThan(types.indexOf('pause'));
  const final = messages.find(({ type }) => type === 'final')!;
  expect(countWordErrors(text, final.text)).toMatchObject({ errors: 0 });
  expect(final.words).toEqual([]);
  socket.close();
});
