import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { derivePorts } from '../../workers/local/ports.ts';
import { describeSpeech, findSpeechTools } from '../../workers/local/speech.ts';
import { installSpeech } from '../../workers/ops/speech-install.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'auralink-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const ports = derivePorts(8787);
/** Replaces Python: says its version, and then does what a script of the shell does. */
const addPython = async (version: string, script = 'exit 0') => {
  const file = join(home, 'python3');
  await writeFile(file, `#!/bin/sh\nif [ "$1" = -c ]; then echo ${version}; exit; fi\n${script}\n`);
  await chmod(file, 0o755);
};
const tools = (SPEECH_URL?: string) => findSpeechTools({ PATH: home, HOME: home, SPEECH_URL });

it('says what is missing: Python, one that fits, or what is installed', async () => {
  expect(describeSpeech(ports, tools())).toMatch(/^none: Python 3.11 to 3.13 with pip is missing/);
  await addPython('3.9');
  expect(describeSpeech(ports, tools())).toMatch(/^none: Python/);
  await addPython('3.12');
  expect(describeSpeech(ports, tools())).toBe('http://localhost:8800, when it is installed');
  expect(describeSpeech(ports, tools(''))).toBe('none: SPEECH_URL is empty');
  expect(describeSpeech(ports, tools('https://speech.example'))).toBe('https://speech.example');
});

it('installs all of it or nothing, and says why it could not', async () => {
  const install = async () => {
    const env = { PATH: `${home}:${process.env.PATH}`, HOME: home };
    return installSpeech({
      python: tools().python!,
      env: Object.assign({ ...process.env }, env),
      onLine: () => {},
    }).done;
  };
  await addPython('3.11', 'case "$*" in *prepare*) echo "the model of speech is changed"; exit 1;; esac');
  await expect(install()).rejects.toThrow(/ended with exit code 1: the model of speech is changed/);
  expect(tools().isInstalled).toBe(false);
  await addPython('3.11');
  await install();
  expect(describeSpeech(ports, tools())).toBe('http://localhost:8800');
});
