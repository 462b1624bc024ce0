import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

interface Transcript {
  text: string;
  language: string;
  duration: number;
  words: { word: string; start: number; end: number; probability: number }[];
}

const formOf = (bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([bytes]), 'sound');
  return form;
};
const transcribe = async (bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) => {
  const form = formOf(bytes, { response_format: 'verbose_json', ...fields });
  const response = await service.send('POST', '/v1/audio/transcriptions', form);
  return {
    status: response.status,
    body: await response.json<Transcript & { error?: { code: string } }>(),
  };
};
/** All sentences, a pause between them. */
const joined = (pauseMs: number) => {
  const pause = new Uint8Array(pauseMs * 32);
  return Buffer.concat(sentences.flatMap(({ pcm }) => [pcm, pause]));
};

describe('transcription', () => {
  it('has at most one word in twenty wrong, with the time and certainty of each', async () => {
    // All in one file: a window costs the same whether it is full or not.
    const header = sentences[0]!.wav.slice(0, 44);
    const sound = joined(500);
    const view = new DataView(header.buffer);
    view.setUint32(4, 36 + sound.length, true);
    view.setUint32(40, sound.length, true);
    const wav = new Uint8Array([...header, ...sound]);
    const { body } = await transcribe(wav, { 'timestamp_granularities[]': 'word' });
    const { errors, words } = countWordErrors(sentences.map(({ text }) => text).join(' '), body.text);
    expect(errors / words, body.text).toBeLessThanOrEqual(0.05);
    expect(body.language).toBe('en');
    expect(body.duration).toBeCloseTo(sound.length / 32_000, 1);
    const times = body.words.map(({ start }) => start);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(body.words.at(-1)!.end).toBeLessThanOrEqual(body.duration);
    expect(body.words.every(({ probability }) => probability > 0 && probability <= 1)).toBe(true);
  });

  it('says of silence that nothing was said', async () => {
    const silence = new Uint8Array([...sentences[0]!.wav.slice(0, 44), ...new Uint8Array(64_000)]);
    expect(await transcribe(silence)).toMatchObject({ status: 200, body: { text: '', words: [] } });
  });

  it.each([
    ['text', new TextEncoder().encode('this is not sound')],
    [
      'a playlist that names another file',
      new TextEncoder().encode('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n'),
    ],
    [
      'a list of files to concatenate',
      new TextEncoder().encode("ffconcat version 1.0\nfile '/etc/hostname'\n"),
    ],
    [
      'the beginning of a video',
      new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode('ftypisom'), ...new Uint8Array(64)]),
    ],
  ] as [string, Uint8Array<ArrayBuffer>][])('refuses %s, and serves the next request', async (_, bytes) => {
    expect(await transcribe(bytes)).toMatchObject({ status: 422, body: { error: { code: 'not_readable' } } });
  });

  it('refuses a form without a file, an unknown language and an unknown format, and leaves nothing on the disk', async () => {
    const empty = new FormData();
    empty.append('model', 'whisper-1');
    expect((await service.send('POST', '/v1/audio/transcriptions', empty)).status).toBe(400);
    expect((await transcribe(sentences[1]!.wav, { language: 'klingon' })).status).toBe(400);
    expect((await transcribe(sentences[1]!.wav, { response_format: 'doc' })).status).toBe(400);
    expect(await readdir(join(service.dataDir, 'speech'))).toEqual([]);
  });
});

it('takes requests with its secret only', async () => {
  const calls = ['/v1/models', '/v1/audio/stream', '/v1/audio/voices'].map((path) =>
    service.send('GET', path, undefined, { Authorization: 'Bearer another-secret-that-is-long-enough-too' }),
  );
  for (const call of calls) expect((await call).status).toBe(401);
  expect(await (await fetch(`${service.url}/health`)).json()).toMatchObject({ status: 'ok' });
});

describe('speech', () => {
  const speak = (input: object) => service.send('POST', '/v1/audio/speech', input);

  it('reads a text aloud in every format, faster when asked, and is understood', async () => {
    const text = 'The budget review moved to Thursday at ten.';
    const sizes: Record<string, number> = {};
    for (const format of ['pcm', 'wav', 'mp3', 'opus', 'flac', 'aac']) {
      const response = await speak({ input: text, voice: 'joe', response_format: format });
      expect(response.status, format).toBe(200);
      sizes[format] = (await response.arrayBuffer()).byteLength;
    }
    const fast = await speak({ input: text, response_format: 'pcm', speed: 2 });
    expect((await fast.arrayBuffer()).byteLength).toBeLessThan(sizes.pcm! * 0.8);
    expect(sizes.opus).toBeLessThan(sizes.pcm! / 5);
    const opus = new Uint8Array(await (await speak({ input: text, response_format: 'opus' })).arrayBuffer());
    const { body } = await transcribe(opus, { language: 'en' });
    expect(countWordErrors(text, body.text.replace('10', 'ten')).errors).toBeLessThanOrEqual(1);
  });

  it.each([
    ['no text', { input: ' ' }, 400],
    ['too much text', { input: 'a'.repeat(4_097) }, 413],
    ['an unknown voice', { input: 'Hello.', voice: 'alloy' }, 400],
    ['an unknown format', { input: 'Hello.', response_format: 'exe' }, 400],
    ['a speed out of range', { input: 'Hello.', speed: 9 }, 400],
  ])('refuses %s', async (_, input, status) => {
    expect((await speak(input)).status).toBe(status);
  });
});

it('embeds texts so that a question finds its answer in another language', async () => {
  const embed = async (input: string[], kind: string) => {
    const response = await service.send('POST', '/v1/embeddings', { input, input_type: kind });
    const { data, usage } = await response.json<{
      data: { embedding: number[] }[];
      usage: { total_tokens: number };
    }>();
    expect(usage.total_tokens).toBeGreaterThan(input.length);
    return data.map(({ embedding }) => embedding);
  };
  const texts = [
    'Le chat dort sur le canapé.',
    'The budget review is on Thursday.',
    'Recordings are kept for 90 days.',
  ];
  const answers = await embed(texts, 'passage');
  const [question] = await embed(['¿Cuándo es la reunión de presupuesto?'], 'query');
  const scores = answers.map((answer) => answer.reduce((sum, each, at) => sum + each * question![at]!, 0));
  expect(question).toHaveLength(384);
  expect(scores.indexOf(Math.max(...scores))).toBe(1);
  expect((await service.send('POST', '/v1/embeddings', { input: [] })).status).toBe(400);
  expect((await service.send('POST', '/v1/embeddings', { input: Array(257).fill('a') })).status).toBe(413);
});

it('translates between the languages that it lists, whatever the text looks like', async () => {
  const translate = (body: object) => service.send('POST', '/v1/translations', body);
  const answer = await translate({ input: ['Good morning', '-h; $(id) `id`'], source: 'en', target: 'es' });
  const { data } = await answer.json<{ data: { text: string }[] }>();
  expect(data[0]!.text).toBe('Buenos días');
  expect(data[1]!.text).toContain('$(');
  expect((await translate({ input: 'Hello', source: 'en', target: 'ja' })).status).toBe(400);
  const unclear = { input: 'Table', target: 'es' };
  expect((await translate(unclear)).status).toBe(400);
  const inContext = await translate({
    ...unclear,
    context: 'La maison est grande, et tout le monde y est le bienvenu.',
  });
  expect(await inContext.json()).toMatchObject({ source: 'fr', data: [{ text: 'Mesa' }] });
  const languages = await service.send('GET', '/v1/translations/languages');
  expect((await languages.json<{ data: object[] }>()).data).toContainEqual({
    source: 'en',
    target: 'es',
  });
});

describe('a long file', () => {
  it('of one group leaves places to others', async () => {
    const name = (group: string, number: number) => `/v1/audio/sources/places-${group}-${number}`;
    const put = (group: string, number: number) =>
      service.send('PUT', name(group, number), new Uint8Array(1), {
        'Content-Range': 'bytes 0-0/2',
        'Speech-Group': group,
      });
    const answers: number[] = [];
    for (const number of [1, 2, 3, 4]) answers.push((await put('one', number)).status);
    expect([...answers, (await put('two', 1)).status]).toEqual([204, 204, 204, 429, 204]);
    for (const number of [1, 2, 3]) await service.send('DELETE', name('one', number));
    await service.send('DELETE', name('two', 1));
  });

  it('comes in pieces, in any container, and its sound is given back in pieces of a minute', async () => {
    const name = 'a-source-of-the-test';
    const speech = joined(1_000);
    const whole = Buffer.concat([speech, speech, new Uint8Array(32_000 * 125), speech]);
    const header = Buffer.from(sentences[0]!.wav.slice(0, 44));
    header.writeUInt32LE(whole.length + 36, 4);
    header.writeUInt32LE(whole.length, 40);
    const file = new Uint8Array([...header, ...whole]);
    const put = (from: number, to: number) =>
      service.send('PUT', `/v1/audio/sources/${name}`, file.slice(from, to), {
        'Content-Range': `bytes ${from}-${to - 1}/${file.length}`,
      });
    expect((await put(0, 1_000_000)).headers.get('upload-offset')).toBe('1000000');
    expect((await put(500_000, 2_000_000)).status).toBe(409);
    expect((await service.send('GET', `/v1/audio/sources/${name}/pieces`)).status).toBe(409);
    expect((await put(1_000_000, file.length)).status).toBe(204);
    const found = await service.send('GET', `/v1/audio/sources/${name}/pieces`);
    const { pieces } = await found.json<{ pieces: { start: number; end: number; silent: boolean }[] }>();
    expect(pieces[0]!.start).toBe(0);
    expect(pieces.at(-1)!.end).toBeCloseTo(whole.length / 32_000, 2);
    for (const [at, { start, end }] of pieces.entries()) {
      expect(end - start).toBeLessThanOrEqual(60);
      if (at > 0) expect(start).toBe(pieces[at - 1]!.end);
    }
    expect(pieces.some(({ silent }) => silent)).toBe(true);
    const piece = await service.send('GET', `/v1/audio/sources/${name}/pieces/0?format=flac`);
    expect(
      Buffer.from(await piece.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('fLaC');
    await service.send('DELETE', `/v1/audio/sources/${name}`);
    expect((await service.send('HEAD', `/v1/audio/sources/${name}`)).status).toBe(404);
    expect(await readdir(join(service.dataDir, 'speech'))).toEqual([]);
  });
});
