import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SpeechEvent, SpeechService as Provider } from '../../../src/intelligence/providers/index.ts';
import {
  type ConnectSocket,
  createSpeechService,
} from '../../../src/intelligence/providers/speech-service/index.ts';
import {
  countWordErrors,
  readSentences,
  type Sentence,
  type SpeechService,
  startSpeechService,
} from '../../support/speech-service.ts';

let service: SpeechService;
let sentences: Sentence[];
let provider: Provider;
beforeAll(async () => {
  [service, sentences] = await Promise.all([startSpeechService(), readSentences()]);
  provider = createSpeechService({ ...service, connect: connectSocket })!('org_1');
}, 90_000);
afterAll(() => service.stop());

/** The socket of Node takes headers, which its type does not know. */
const connectSocket: ConnectSocket = async (url, headers) => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers } as never);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('it was not opened')));
  });
  return socket;
};

const WAV_HEADER_BYTES = 44;
const signal = () => AbortSignal.timeout(30_000);

it('the adapters of the product speak the language of the real service', async () => {
  const { wav, text } = sentences[1]!;
  const { sources, speechToText, textToSpeech, translation, embeddings } = provider;
  expect(await sources.findOffset('source-1')).toBe(0);
  const body = new Blob([wav]).stream();
  await sources.send('source-1', { body, offset: 0, length: wav.length, sizeBytes: wav.length });
  const pieces = await sources.findPieces('source-1');
  expect(pieces).toMatchObject([{ startMs: 0, isSilent: false }]);
  const audio = await sources.readPiece('source-1', 0);
  const transcript = await speechToText.transcribe(
    { model: 'whisper-base', audio, language: null },
    signal(),
  );
  expect(countWordErrors(text, transcript.text.replaceAll('-', ' ')).errors).toBe(0);
  expect(transcript).toMatchObject({ language: 'en', segments: [{ startMs: 0 }] });
  expect(transcript.segments[0]!.words[0]).toMatchObject({ text: 'He', confidence: expect.any(Number) });
  await sources.end('source-1');
  expect(await sources.findOffset('source-1')).toBe(0);

  const voices = await textToSpeech.listVoices!(signal());
  const spoken = await textToSpeech.speak(
    { model: 'en_US-joe-medium', voice: voices[0]!.id, text: 'Good day.', speed: 1, format: 'opus' },
    signal(),
  );
  expect((await new Response(spoken.audio).bytes()).subarray(0, 4)).toEqual(new TextEncoder().encode('OggS'));
  expect(
    await translation.translate({ texts: ['Good morning'], from: 'en', to: 'es' }, signal()),
  ).toMatchObject({
    texts: ['Buenos días'],
    characters: 12,
  });
  // The language is found out, and marks of a glossary come back as they are.
  const detected = { texts: ['The Xq0x moved to Thursday.'], from: null, to: 'es' };
  expect(await translation.translate(detected, signal())).toMatchObject({
    from: 'en',
    texts: [expect.stringContaining('Xq0x')],
  });
  await expect(translation.translate({ ...detected, texts: ['12345'] }, signal())).rejects.toMatchObject({
    kind: 'request_refused',
    code: 'language_unclear',
  });
  expect(await translation.listLanguages(signal())).toContainEqual({ from: 'en', to: 'es' });
  const { vectors } = await embeddings.embed({ model: 'e5', texts: ['a', 'b'], purpose: 'query' }, signal());
  expect(vectors.map(({ length }) => length)).toEqual([384, 384]);
});

it('live speech is recognized, with times from the moment that it begins at', async () => {
  const { wav, text } = sentences[1]!;
  const events: SpeechEvent[] = [];
  const ended = Promise.withResolvers<void>();
  const session = provider.speechToText.open!(
    { encoding: 'pcm16', language: 'en', offsetMs: 60_000 },
    {
      onEvent: (event) => (event.type === 'finalized' ? ended.resolve() : events.push(event)),
      onEnded: (failure) => ended.reject(failure),
    },
  );
  for (let at = WAV_HEADER_BYTES; at < wav.length; at += 32_000) session.push(wav.subarray(at, at + 32_000));
  session.finalize();
  await ended.promise;
  const finals = events.filter((event) => event.type === 'final');
  const said = finals.map((event) => event.text).join(' ');
  expect(countWordErrors(text, said.replaceAll('-', ' ')).errors).toBeLessThanOrEqual(1);
  expect(finals[0]!.startMs).toBeGreaterThanOrEqual(60_000);
  expect(finals[0]!.words[0]).toMatchObject({ text: 'He', confidence: expect.any(Number) });
  session.close();
});
