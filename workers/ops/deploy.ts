/**
 * `npm run deploy -- --env staging|production [--dry-run|--check-limits]`: checks the configuration and the limits, migrates
 * and uploads, in this order. `--dry-run` ends after the checks, `--check-limits` checks nothing but the limits.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import {
  buildBundle,
  compressedBytes,
  SIZE_LIMIT_BYTES,
  STARTUP_LIMIT_MS,
  startupMs,
  wranglerCommand,
} from './bundle.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import {
  DEPLOYED_ENVIRONMENTS,
  type DeployedEnvironment,
  deriveConfig,
  readConfig,
  requireOwnHosts,
  writeConfig,
} from './environments.ts';
import { applyMigrations } from './migrate.ts';

const ROOT = join(import.meta.dirname, '../..');

function readOptions(): { environment: DeployedEnvironment; dryRun: boolean; limitsOnly: boolean } {
  const { values } = parseArgs({
    options: {
      env: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'check-limits': { type: 'boolean', default: false },
    },
  });
  const environment = DEPLOYED_ENVIRONMENTS.find((name) => name === values.env);
  if (environment === undefined)
    throw new CommandError(`--env must be one of ${DEPLOYED_ENVIRONMENTS.join(', ')}`);
  const limitsOnly = values['check-limits'];
  return { environment, dryRun: values['dry-run'] || limitsOnly, limitsOnly };
}

/** @throws CommandError when the figure is above its limit */
function requireWithinLimit(name: string, figure: number, limit: number, unit: string): void {
  const line = `${name}: ${figure} ${unit} of at most ${limit} ${unit}`;
  if (figure > limit) throw new CommandError(`${line}: too much`);
  console.log(`  ${line}`);
}

async function uploadWorker(config: string): Promise<void> {
  const [command, args] = wranglerCommand('deploy', '--config', config);
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CommandError(`wrangler deploy ended with exit code ${code}`);
}

async function main(): Promise<void> {
  const { environment, dryRun, limitsOnly } = readOptions();
  const databaseUrl = process.env.DATABASE_URL;
  if (!dryRun && !databaseUrl)
    throw new CommandError(`DATABASE_URL names the database of ${environment} to migrate; it is not set`);

  if (!limitsOnly) requireOwnHosts(deriveConfig(await readConfig(ROOT), environment), environment);
  console.log(`${dryRun ? 'dry run for' : 'deploying to'} ${environment}`);
  const config = await writeConfig(ROOT, environment);
  const bundle = await buildBundle(ROOT, environment, config);
  console.log(`  bundle: ${relative(process.cwd(), bundle.folder)}`);
  requireWithinLimit(
    'size after gzip',
    Math.ceil((await compressedBytes(bundle)) / 1000),
    SIZE_LIMIT_BYTES / 1000,
    'kB',
  );
  requireWithinLimit('start-up CPU time', Math.ceil(await startupMs(ROOT, bundle)), STARTUP_LIMIT_MS, 'ms');
  if (dryRun || !databaseUrl) return console.log('  nothing was migrated or deployed');

  // Before the code that needs them: each migration must suit the code that still runs.
  const applied = await applyMigrations(databaseUrl, undefined, {
    chain: join(ROOT, 'migrations'),
    functions: join(ROOT, 'src'),
  });
  console.log(`  migrated: ${applied.length === 0 ? 'nothing was pending' : applied.join(', ')}`);
  await uploadWorker(config);
}

await runCommand('deploy', main);
