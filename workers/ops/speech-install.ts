/**
 * `npm run speech:install` installs the packages and models of the speech service, once for this machine: about a minute.
 * `npm start` does the same in the background.
 */
import { delimiter, join } from 'node:path';
import { CommandError, runCommand } from '../local/command-error.ts';
import { findPython, findSpeechTools, type Python, SPEECH_FOLDER, speechCache } from '../local/speech.ts';
import { type Installation, installOnce } from './installation.ts';

const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
/** Only packages in the list, with its checksums, and nothing that has to be built. */
const AS_LISTED = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-compile'];

export interface SpeechInstallOptions {
  python: Python;
  env?: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

export const installSpeech = ({ python, env = process.env, onLine }: SpeechInstallOptions): Installation =>
  installOnce({
    name: 'the speech service',
    doing: 'is being installed',
    work: 'the installation',
    takes: 'about a minute, and 800 MB',
    place: speechCache(python, env),
    steps: (target) => {
      const packages = join(target, 'packages');
      const list = ['--target', packages, '-r', join(SPEECH_FOLDER, 'requirements.txt')];
      const path = `${packages}${delimiter}${SPEECH_FOLDER}`;
      return [
        { command: python.program, args: [...PIP, ...AS_LISTED, ...list], env },
        {
          command: python.program,
          args: ['-m', 'auralink_speech.prepare', join(target, 'models')],
          env: { ...env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' },
        },
      ];
    },
    onLine,
  });

if (import.meta.main)
  await runCommand('speech:install', async () => {
    const python = findPython();
    if (!python)
      throw new CommandError('Python 3.11 to 3.13 with pip is needed: apt-get install python3-pip');
    if (findSpeechTools().isInstalled)
      return console.log(`the speech service is there: ${speechCache(python)}`);
    const startedAt = performance.now();
    const place = await installSpeech({ python, onLine: (line) => console.log(line) }).done;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`the speech service was installed after ${seconds} s: ${place}`);
  });
