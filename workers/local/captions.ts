import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { type SpeechTools, speechUrl } from './speech.ts';

const FOLDER = join(import.meta.dirname, '../captions');
const LIBRARY = join(import.meta.dirname, '../../node_modules/@livekit/rtc-node');

export const captionsUrl = ({ captions }: LocalPorts): string => `http://localhost:${captions}`;

/** Whether this copy runs the process that writes live captions: where its speech service runs. */
export const hasCaptions = ({ python }: SpeechTools, env: NodeJS.ProcessEnv = process.env): boolean =>
  env.CAPTIONS_URL === undefined && python !== undefined && existsSync(LIBRARY);

/** The captions process, or what it lacks. */
export function describeCaptions(ports: LocalPorts, tools: SpeechTools): string {
  const elsewhere = process.env.CAPTIONS_URL;
  if (elsewhere !== undefined) return elsewhere || 'none: CAPTIONS_URL is empty';
  return hasCaptions(tools)
    ? `${captionsUrl(ports)}, with the speech service`
    : 'none: there is no speech service';
}

export interface CaptionsOptions {
  ports: LocalPorts;
  secrets: Secrets;
  onLine: (line: string) => void;
}

/** Starts it in the background; the product works without it. */
export function startCaptions({ ports, secrets, onLine }: CaptionsOptions): Child {
  const { PATH, HOME } = process.env;
  // None of the Worker's variables.
  const env = Object.assign(Object.create(null), {
    PATH,
    HOME,
    CAPTIONS_PORT: String(ports.captions),
    CAPTIONS_SECRET: secrets.CAPTIONS_SECRET,
    SPEECH_URL: speechUrl(ports),
    SPEECH_SECRET: secrets.SPEECH_SECRET,
  });
  return startChild({
    name: 'the captions process',
    command: process.execPath,
    args: ['main.ts'],
    cwd: FOLDER,
    env,
    onLine: (line) => onLine(`captions ${line}`),
  });
}
