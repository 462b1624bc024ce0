import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../e2e/support/api-client.ts';
import {
  findFreePort,
  type LaunchedProduct,
  launchProduct,
  listProcessesMentioning,
  ROOT,
} from '../e2e/support/launch.ts';
import { Speaker } from '../e2e/support/speaker.ts';
import { AiStandIn, STAND_IN_KEY } from '../support/ai/stand-in.ts';
import { readSentences } from '../support/speech-service.ts';
import { type BenchRow, median } from './kit/report.ts';
import { PROVIDER, SpeechProvider } from './kit/speech-provider.ts';

const TURNS = 12;
const MODEL = 'claude-haiku-4-5';
const READY_MS = 120_000;
/** Policy `SCHED_RR` in `/proc/<pid>/stat`. */
const REAL_TIME = '2';
/** How long the agent speaks until it is interrupted. */
const LISTEN_MS = 1_500;
/** Delay of the first words of a provider's language model. */
const FIRST_WORDS_MS = 150;
const STAGES = ['a pause', 'recognized a sentence', 'the answer begins', 'a sentence to say', 'speaks'];

interface Figures {
  /** Milliseconds of each turn. */
  answered: number[];
  interrupted: number[];
  /** Milliseconds of each stage after the end of speech. */
  stages: Record<string, number[]>;
}
interface Line {
  at: string;
  line: string;
}

/** What the process of agents said in a turn. */
function addStages({ stages }: Figures, lines: readonly Line[], endedAt: number): void {
  for (const stage of STAGES) {
    // In a sentence with a pause, the last pause counts.
    const found = lines.find(({ at, line }) => line === stage && Date.parse(at) >= endedAt);
    if (found) (stages[stage] ??= []).push(Date.parse(found.at) - endedAt);
  }
}

/** A conversation: each sentence interrupts the answer to the one before. */
async function converse(speaker: Speaker, files: readonly string[], linesOf: () => Line[]): Promise<Figures> {
  const figures: Figures = { answered: [], interrupted: [], stages: {} };
  for (let turn = 0; turn < TURNS; turn++) {
    const begunAt = Date.now();
    const endedAt = await speaker.say(files[turn % files.length]!);
    if (turn > 0) {
      const { beganAt } = await speaker.next('sounding', begunAt);
      const quiet = await speaker.next('quiet', begunAt);
      figures.interrupted.push(quiet.endedAt! - beganAt!);
    }
    const sound = await speaker.next('sound', endedAt);
    figures.answered.push(sound.at - endedAt);
    addStages(figures, linesOf(), endedAt);
    await sleep(LISTEN_MS);
  }
  return figures;
}

const standInAnswer = {
  pieces: Array.from(
    { length: 12 },
    (_, at) => `This is sentence number ${at + 1} of a long answer. `,
  ).flatMap((sentence) => sentence.split(/(?<= )/)),
  usage: { input_tokens: 12, output_tokens: 90 },
};

/** An agent in a call of a new account. @returns a person in the call */
async function inviteAgent(product: LaunchedProduct): Promise<Speaker> {
  const client = createApiClient(`http://127.0.0.1:${product.ports.api}`);
  const email = `agents-${crypto.randomUUID()}@bench.example`;
  const signedUp = await client.send('POST', '/api/v1/auth/signup', {
    body: { email, password: crypto.randomUUID(), name: 'Bench' },
  });
  const token = signedUp.body.accessToken as string;
  const call = async (method: string, path: string, body: unknown) => {
    const answer = await client.send(method, `/api/v1${path}`, { token, body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await call('PUT', '/ai/provider-keys/anthropic', { secret: STAND_IN_KEY });
  const { id: room } = await call('POST', '/rooms', { name: 'Bench' });
  const speaker = new Speaker(await call('POST', `/rooms/${room}/token`, {}));
  await speaker.next('connected');
  const definition = { instructions: 'You answer briefly.', model: MODEL };
  const { id: agentId } = await call('POST', '/ai/agents', { name: 'Help', definition });
  const invite = () => call('POST', `/rooms/${room}/agents`, { agentId });
  // The call is active when the media server has said so.
  await untilDone(invite);
  await speaker.next('quiet', (await speaker.next('sound')).at); // it has greeted
  return speaker;
}

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + READY_MS; ; await sleep(500)) {
    try {
      return void (await work());
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Runs the product with the speech service of the copy, or with a stand-in of providers and a process of agents beside it. */
async function measure(provider: SpeechProvider | undefined): Promise<Figures> {
  const dir = await mkdtemp(join(tmpdir(), 'auralink-bench-agents-'));
  const standIn = await new AiStandIn().start();
  standIn.answer = standInAnswer;
  standIn.firstMs = provider ? FIRST_WORDS_MS : 0;
  standIn.pieceMs = 5;
  const env = { SPEECH_URL: provider ? '' : undefined, ANTHROPIC_API_URL: standIn.url };
  const product = launchProduct({ port: await findFreePort(), dir, env });
  let agents: { child: ChildProcess; lines: Line[] } | undefined;
  let speaker: Speaker | undefined;
  try {
    await product.ready();
    if (provider) agents = await startAgents(product, provider.url);
    else {
      await untilDone(() => requireReady(product));
      await letModelsGiveWay(product);
    }
    speaker = await inviteAgent(product);
    return await converse(
      speaker,
      await writeSentences(dir),
      () => agents?.lines ?? linesIn(product.output()),
    );
  } finally {
    speaker?.end();
    agents?.child.kill();
    await product.stop();
    await standIn.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function requireReady({ ports }: LaunchedProduct): Promise<void> {
  if (!(await fetch(`http://127.0.0.1:${ports.speech}/ready`)).ok)
    throw new Error('the speech service is not ready');
}

/**
 * Where this runs with real-time priority (`chrt -r 10`), models give way to what carries sound: processes of the same priority take turns of
 * 100 ms, and a model takes both cores. On a server each has cores of its own.
 */
async function letModelsGiveWay({ ports }: LaunchedProduct): Promise<void> {
  const policy = (await readFile('/proc/self/stat', 'utf8')).split(' ')[40];
  if (policy !== REAL_TIME) return;
  for (const { pid } of await listProcessesMentioning('auralink_speech')) {
    const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (env.includes(`SPEECH_PORT=${ports.speech}\0`))
      execFileSync('chrt', ['--all-tasks', '--rr', '--pid', '1', String(pid)]);
  }
}

/** Four sentences of an audio book; the fifth begins with a click. */
async function writeSentences(dir: string): Promise<string[]> {
  const sentences = (await readSentences()).slice(0, 4);
  return Promise.all(
    sentences.map(async ({ pcm }, at) => {
      const file = join(dir, `${at}.pcm`);
      await writeFile(file, pcm);
      return file;
    }),
  );
}

const linesIn = (output: string): Line[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('agents {') && line.endsWith('}'))
    .map((line) => JSON.parse(line.slice('agents '.length)) as Line);

async function startAgents({ ports, dir }: LaunchedProduct, speechUrl: string) {
  const { AGENTS_SECRET } = JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8'));
  const child = spawn(process.execPath, ['--no-warnings', join(ROOT, 'workers/agents/main.ts')], {
    env: {
      PATH: process.env.PATH,
      PRODUCT_URL: `http://127.0.0.1:${ports.api}`,
      AGENTS_SECRET,
      SPEECH_URL: speechUrl,
      SPEECH_SECRET: 'none',
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line) as Line);
  });
  return { child, lines };
}

function rowsOf(what: string, figures: Figures, most: { answered: number; interrupted: number }): BenchRow[] {
  const stages = STAGES.map((stage) => `${stage} ${Math.round(median(figures.stages[stage] ?? []))}`);
  const row = (name: string, values: number[], limit: number, more = ''): BenchRow => ({
    what: `agents: ${name}, ${what}, median of ${values.length}`,
    measured: `${Math.round(median(values))} ms (${Math.min(...values)} to ${Math.max(...values)})${more}; load ${loadavg()[0]!.toFixed(1)}`,
    target: `≤ ${limit} ms`,
    holds: median(values) <= limit,
    figures: { ms: values },
  });
  return [
    row('end of speech to first sound', figures.answered, most.answered, `; ${stages.join(', ')}`),
    row('somebody speaks until the agent is silent', figures.interrupted, most.interrupted),
  ];
}

/**
 * A person speaks recorded sentences to an agent in a real call, and each interrupts the answer before: with the models of the speech service, and with
 * stand-ins of providers, which have a provider's delays. Times are taken where sound leaves and reaches the person.
 */
export async function benchAgents(): Promise<BenchRow[]> {
  const local = await measure(undefined);
  const provider = await new SpeechProvider().start();
  const remote = await measure(provider).finally(() => provider.stop());
  const delays = PROVIDER.silenceMs + PROVIDER.wordsMs + FIRST_WORDS_MS + PROVIDER.soundMs;
  return [
    ...rowsOf('local models', local, { answered: 1_500, interrupted: 300 }),
    ...rowsOf(`stand-ins of providers (${delays} ms are theirs)`, remote, {
      answered: 800,
      interrupted: 300,
    }),
  ];
}
