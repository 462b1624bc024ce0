/**
 * `npm run egress:install` builds the stand-in for LiveKit's egress with Go, once for each version of it on this machine,
 * and installs the packages of its recorder. `npm start` does the same in the background when Redis is there.
 */
import { startChild } from '../local/child-process.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import {
  egressProgram,
  findEgressProgram,
  RECORDER,
  hasRecorderPackages,
  WORKER,
} from '../local/egress/program.ts';
import { buildGoProgram, type InstallOptions, runGoBuild } from './go-program.ts';
import type { Installation } from './installation.ts';

/** Builds the egress worker into its cache folder; see `buildGoProgram`. */
const buildWorker = (options: InstallOptions): Installation =>
  buildGoProgram(
    {
      name: 'the egress worker',
      takes: 'about two minutes',
      file: egressProgram(options.env),
      args: ['install', '-buildvcs=false', '.'],
      folder: WORKER,
      built: 'egress',
    },
    options,
  );

/** Installs the recorder's packages beside it. @throws CommandError with the last line of npm */
function installRecorder(): Installation {
  let lastLine = '';
  const child = startChild({
    name: "the installation of the recorder's packages",
    command: 'npm',
    // Their scripts would search for files that the packages have already.
    args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    cwd: RECORDER,
    env: process.env,
    onLine: (line) => (lastLine = line),
  });
  const done = child.exited.then((reason) => {
    if (!hasRecorderPackages()) throw new CommandError(`${child.name} ${reason}: ${lastLine}`);
    return RECORDER;
  });
  return { done, stop: () => child.stop() };
}

/** Installs what is missing of the stand-in. Its result is the program of the egress worker. */
export function installEgress(options: InstallOptions): Installation {
  const parts: Installation[] = [];
  const install = async () => {
    if (!hasRecorderPackages()) await (parts[0] = installRecorder()).done;
    return (parts[1] = buildWorker(options)).done;
  };
  return {
    done: install(),
    async stop() {
      for (const part of parts) await part?.stop();
    },
  };
}

if (import.meta.main)
  await runCommand('egress:install', async () => {
    await runGoBuild({ name: 'the egress worker', install: buildWorker }, findEgressProgram());
    if (!hasRecorderPackages()) await installRecorder().done;
  });
