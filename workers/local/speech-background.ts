import { installSpeech } from '../ops/speech-install.ts';
import { getReason } from './command-error.ts';
import { hasCaptions, startCaptions } from './captions.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { type SpeechTools, startSpeech } from './speech.ts';

export interface SpeechBackground {
  ports: LocalPorts;
  dataDir: string;
  secrets: Secrets;
  tools: SpeechTools;
  onLine: (line: string) => void;
  print: (line: string) => void;
  /** Called at the end, in reverse order. */
  closers: (() => Promise<void>)[];
  isEnding: () => boolean;
}

/** Installs the service if it is missing, and starts it, in the background: the product works without it. */
export function runSpeech(options: SpeechBackground): void {
  const { print, isEnding } = options;
  run(options).catch((error: unknown) => isEnding() || print(`There is no speech: ${getReason(error)}`));
}

async function run({ ports, dataDir, secrets, tools, onLine, print, closers, isEnding }: SpeechBackground) {
  const { python, isInstalled } = tools;
  if (!python) return;
  if (!isInstalled) {
    const installing = installSpeech({ python, onLine: print });
    closers.push(() => installing.stop());
    await installing.done;
    if (isEnding()) return;
  }
  const secret = secrets.SPEECH_SECRET ?? '';
  const child = await startSpeech({ port: ports.speech, python, dataDir, secret, onLine });
  closers.push(() => child.stop());
  if (!isInstalled) print('The speech service is installed and running');
  void child.exited.then((reason) => isEnding() || print(`${child.name} ${reason}; there is no speech`));
  if (!hasCaptions(tools)) return;
  const captions = startCaptions({ ports, secrets, onLine });
  closers.push(() => captions.stop());
  void captions.exited.then(
    (reason) => isEnding() || print(`${captions.name} ${reason}; there are no live captions`),
  );
}
