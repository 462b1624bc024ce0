import { parseArgs } from 'node:util';
import { CommandError, getReason } from './command-error.ts';
import { DEFAULT_PORT, derivePorts } from './ports.ts';

const PORT_COUNT = Object.keys(derivePorts(DEFAULT_PORT)).length;

/** What `npm start -- --help` prints. */
export const HELP = `npm start [-- --fresh]: the whole product on this machine

  --fresh                  starts with empty data
  PORT                     the port of the API, and the first of ${PORT_COUNT} (${DEFAULT_PORT})
  AURALINK_DIR             where data is kept (.auralink, or .auralink-<port> for another port)
  INSPECT=1                opens the inspector of the Worker
  DATABASE_URL             a Postgres server in place of the embedded one
  PAYMENT_PROVIDER=paddle  a stand-in of Paddle in place of Stripe

Each other variable of the section Configuration in README.md is passed to the Worker.`;

export interface StartArguments {
  fresh: boolean;
  help: boolean;
}

/**
 * The options of `npm start`. npm takes `npm start --fresh`, without `--` between, as an option of its own and passes it on
 * as a variable.
 * @throws CommandError on an unknown option
 */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        fresh: { type: 'boolean', default: env.npm_config_fresh === 'true' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new CommandError(`${getReason(error)}; npm start -- --help lists all options`);
  }
}
