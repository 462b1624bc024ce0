import { globSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { passagesOf } from '../../src/intelligence/memory/passages.rules.ts';
import { listProcessesMentioning } from '../e2e/support/launch.ts';
import { type SpeechService, startSpeechService } from '../support/speech-service.ts';
import { prefer, readCpuMs } from './kit/processes.ts';
import type { BenchRow } from './kit/report.ts';

/** As `embed-memories.ts` asks for vectors: so many texts in a request, and so many requests at once. */
const BATCH = 32;
const AT_ONCE = 2;
const MOST_SECONDS = 240;

/** Passages of this repository's documents, as the product divides texts. */
function readPassages(count: number): string[] {
  const files = globSync('{*.md,src/**/*.md,workers/*/README.md,test/*/README.md}').toSorted();
  const passages = files.flatMap((file) => passagesOf(readFileSync(file, 'utf8')));
  return Array.from({ length: count }, (_, at) => passages[at % passages.length]!);
}

async function findPid({ url }: SpeechService): Promise<number> {
  const variable = `SPEECH_PORT=${new URL(url).port}\0`;
  for (const { pid, command } of await listProcessesMentioning('auralink_speech'))
    if (!command.includes('leash') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(variable))
      return pid;
  throw new Error('the process of the speech service is not there');
}

async function embed(service: SpeechService, input: readonly string[]): Promise<number> {
  const answer = await service.send('POST', '/v1/embeddings', { input });
  if (!answer.ok) throw new Error(`the speech service answered ${answer.status}: ${await answer.text()}`);
  const { usage } = await answer.json<{ usage: { total_tokens: number } }>();
  return usage.total_tokens;
}

async function embedAll(service: SpeechService, passages: readonly string[]): Promise<number> {
  let next = 0;
  let tokens = 0;
  const ask = async () => {
    while (next < passages.length) {
      const batch = passages.slice(next, (next += BATCH));
      const used = await embed(service, batch);
      tokens += used;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return tokens;
}

/** Vectors of so many passages by the speech service with its local model. */
export async function benchMemoryEmbedding(count: number): Promise<BenchRow[]> {
  const passages = readPassages(count);
  const service = await startSpeechService();
  try {
    const pid = await findPid(service);
    await embedAll(service, passages.slice(0, BATCH));
    prefer(pid);
    const before = { cpu: readCpuMs(pid), at: performance.now() };
    const tokens = await embedAll(service, passages);
    const seconds = (performance.now() - before.at) / 1_000;
    const cpu = (readCpuMs(pid) - before.cpu) / 1_000;
    return [
      {
        what: `vectors of ${count} passages of ${Math.round(tokens / count)} tokens`,
        measured:
          `${seconds.toFixed(0)} s, ${((cpu * 1_000) / count).toFixed(1)} ms of CPU each, ` +
          `at load ${loadavg()[0]!.toFixed(1)}`,
        target: `at most ${((MOST_SECONDS * count) / 10_000).toFixed(0)} s`,
        holds: seconds <= (MOST_SECONDS * count) / 10_000,
        figures: { seconds, cpu, tokens, count },
      },
    ];
  } finally {
    await service.stop();
  }
}
