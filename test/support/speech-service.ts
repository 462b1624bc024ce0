import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPython, startSpeech } from '../../workers/local/speech.ts';
import { findFreePort } from '../e2e/support/launch.ts';

/** Sentences of an audio book with known text, of the Debian package pocketsphinx-testdata. */
const SENTENCES = '/usr/share/pocketsphinx/test/data/librivox';
const READY_WITHIN_MS = 60_000;

export interface SpeechService {
  url: string;
  secret: string;
  dataDir: string;
  send(
    method: string,
    path: string,
    body?: BodyInit | object,
    headers?: Record<string, string>,
  ): Promise<Response>;
  stop(): Promise<void>;
}

const isForm = (body: unknown): body is BodyInit =>
  body instanceof FormData || body instanceof Uint8Array || typeof body === 'string';

/** The real service with its models, on a free port. @throws when it is not installed, or not ready in time */
export async function startSpeechService(): Promise<SpeechService> {
  const python = findPython();
  if (!python) throw new Error('there is no Python that fits');
  const dataDir = await mkdtemp(join(tmpdir(), 'auralink-speech-'));
  const [port, secret] = [await findFreePort(), 'a-secret-of-the-tests-of-the-speech-service'];
  let log = '';
  const onLine = (line: string) => (log += `${line}\n`);
  const child = await startSpeech({ port, python, dataDir, secret, onLine });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await child.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const end = Date.now() + READY_WITHIN_MS;
  while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) {
    if (Date.now() > end) {
      await stop();
      throw new Error(`the speech service is not ready: ${log}`);
    }
    await sleep(200);
  }
  return {
    url,
    secret,
    dataDir,
    stop,
    send(method, path, body, headers) {
      const json = body !== undefined && !isForm(body);
      return fetch(`${url}${path}`, {
        method,
        headers: { Authorization: `Bearer ${secret}`, ...headers },
        ...(body !== undefined && { body: json ? JSON.stringify(body) : body }),
      });
    },
  };
}

export interface Sentence {
  text: string;
  file: string;
  wav: Uint8Array<ArrayBuffer>;
  /** 16-bit samples of 16 kHz. */
  pcm: Uint8Array<ArrayBuffer>;
}

/** Where the samples of a WAV file begin. */
const WAV_HEADER = 44;

export async function readSentences(): Promise<Sentence[]> {
  const lines = (await readFile(join(SENTENCES, 'transcription'), 'utf8')).trim().split('\n');
  return Promise.all(
    lines.map(async (line) => {
      const [, text = '', name = ''] = /^<s> (.+) <\/s> \((.+)\)$/.exec(line) ?? [];
      const file = join(SENTENCES, `${name}.wav`);
      const wav = new Uint8Array(await readFile(file));
      return { text, file, wav, pcm: wav.slice(WAV_HEADER) };
    }),
  );
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** Words that were added, left out or replaced. */
export function countWordErrors(expected: string, transcribed: string): { errors: number; words: number } {
  const [a, b] = [wordsOf(expected), wordsOf(transcribed)];
  let row = b.map((_, at) => at + 1);
  row.unshift(0);
  for (const [at, word] of a.entries()) {
    const next = [at + 1];
    for (const [j, other] of b.entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (word === other ? 0 : 1)));
    row = next;
  }
  return { errors: row.at(-1)!, words: a.length };
}
