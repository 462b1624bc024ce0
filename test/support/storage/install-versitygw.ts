/** `npm run versitygw:install` builds the storage that buckets are proven against with Go, once for this machine. */
import { runCommand } from '../../../workers/local/command-error.ts';
import { buildGoProgram, runGoBuild } from '../../../workers/ops/go-program.ts';
import { findVersitygw, versitygwProgram, VERSION } from './versitygw.ts';

await runCommand('versitygw:install', () =>
  runGoBuild(
    {
      name: 'versitygw',
      install: (options) =>
        buildGoProgram(
          {
            name: 'versitygw',
            takes: 'about three minutes',
            file: versitygwProgram(options.env),
            args: ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`],
            built: 'versitygw',
          },
          options,
        ),
    },
    findVersitygw(),
  ),
);
