/**
 * `npm run livekit:install` builds the media server with Go, once for this machine: about seven minutes on two cores.
 * `npm start` does the same in the background.
 */
import { join } from 'node:path';
import { runCommand } from '../local/command-error.ts';
import { findLiveKit, liveKitFolder } from '../local/livekit.ts';
import { buildGoProgram, type InstallOptions, runGoBuild } from './go-program.ts';
import type { Installation } from './installation.ts';

const MODULE = 'github.com/livekit/livekit-server/cmd/server@v1.13.5';

/** Builds the media server into its cache folder; see `buildGoProgram`. */
export const installLiveKit = (options: InstallOptions): Installation =>
  buildGoProgram(
    {
      name: 'LiveKit',
      takes: 'about seven minutes',
      file: join(liveKitFolder(options.env), 'livekit-server'),
      args: ['install', MODULE],
      built: 'server',
    },
    options,
  );

if (import.meta.main)
  await runCommand('livekit:install', () =>
    runGoBuild({ name: 'LiveKit', install: installLiveKit }, findLiveKit()),
  );
