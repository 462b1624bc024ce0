import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child-process.ts';
import type { MediaTools } from './media.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { type SpeechTools, speechUrl } from './speech.ts';

const AGENTS_FOLDER = join(import.meta.dirname, '../agents');
const RESTART_MS = 1_000;

interface AgentsOptions {
  ports: LocalPorts;
  dataDir: string;
  secrets: Secrets;
  tools: MediaTools;
  speech: SpeechTools;
  onLine: (line: string) => void;
  /** Called at the end, in reverse order. */
  closers: (() => Promise<void>)[];
  isEnding: () => boolean;
}

/**
 * Runs the process of agents in calls where there are a media server and a speech service of this copy; a process that
 * ends is replaced.
 */
export async function runAgents(options: AgentsOptions): Promise<void> {
  const { ports, dataDir, secrets, tools, speech, onLine, closers, isEnding } = options;
  if (!(tools.livekit ?? tools.go) || !speech.python) return;
  const { PATH, HOME } = process.env;
  // None of the Worker's variables but these.
  const env = Object.assign(Object.create(null), {
    PATH,
    HOME,
    PRODUCT_URL: `http://127.0.0.1:${ports.api}`,
    AGENTS_SECRET: secrets.AGENTS_SECRET,
    SPEECH_URL: speechUrl(ports),
    SPEECH_SECRET: secrets.SPEECH_SECRET,
  });
  let stop = () => Promise.resolve();
  closers.push(() => stop());
  while (!isEnding()) {
    const child = startChild({
      name: 'the process of agents',
      command: process.execPath,
      args: ['--no-warnings', join(AGENTS_FOLDER, 'main.ts')],
      cwd: dataDir,
      env,
      onLine: (line) => onLine(`agents ${line}`),
    });
    stop = () => child.stop();
    const reason = await child.exited;
    if (isEnding()) return;
    onLine(`agents ${reason}; another one follows`);
    await sleep(RESTART_MS);
  }
}
