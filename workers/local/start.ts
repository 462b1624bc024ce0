/** `npm start`: the whole product on this machine. `npm start -- --help` lists its options. */
import { join, relative } from 'node:path';
import { runAgents } from './agents.ts';
import { HELP, readArguments } from './arguments.ts';
import type { Child } from './child-process.ts';
import { hasCompression, startCompression } from './compression.ts';
import { resolveDataDir, lockDataDir } from './data-dir.ts';
import { type LocalDatabase, openDatabase, type OpenDatabaseOptions } from './database/open-database.ts';
import { CommandError, formatFailure, getReason } from './command-error.ts';
import { buildMedia, findMediaTools, startMedia } from './media.ts';
import { serveMailCatcher } from './mail/mail-catcher.ts';
import { findMigratedCluster, keepMigratedCluster } from './database/migrated-cluster.ts';
import { applyMigrations } from '../ops/migrate.ts';
import { openLog } from './log-output.ts';
import { servePayments } from './payments.ts';
import { type LocalPorts, derivePorts, readPort, requireFreePorts } from './ports.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { seedDemo } from './seed.ts';
import { findSpeechTools } from './speech.ts';
import { runSpeech } from './speech-background.ts';
import { formatSummary } from './summary.ts';
import { serveStorage } from './storage/serve-storage.ts';
import { startWorker } from './worker.ts';
import { buildSettings } from './worker-variables.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The running children, in the order of their start, with a function that ends each. */
const closers: (() => Promise<void>)[] = [];
let isShuttingDown = false;
let stopRequestedAtMs: number | undefined;
/** Ctrl-C reaches the launcher twice: from the terminal, and passed on by npm. Later, a second one ends it at once. */
const SAME_REQUEST_MS = 1_000;

async function shutDown(exitCode: number): Promise<void> {
  if (isShuttingDown) return;
  isShuttingDown = true;
  process.exitCode = exitCode;
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      console.error(formatFailure('auralink', error));
      process.exitCode = 1;
    }
  }
  process.exit();
}

function fail(error: unknown): Promise<void> {
  if (!isShuttingDown) console.error(formatFailure('auralink', error));
  return shutDown(1);
}

/** From now on, everything stops when this child ends. */
function superviseChild(child: Child): void {
  closers.push(() => child.stop());
  void child.exited.then((exitReason) =>
    fail(new CommandError(`${child.name} ${exitReason}; everything is stopped`)),
  );
}

const print = (line: string): void => console.log(line);

/** A new embedded database begins as the last one of this checkout did after its migrations, which take seconds. */
async function startDatabase(options: OpenDatabaseOptions): Promise<LocalDatabase> {
  const kept = options.url === undefined ? await findMigratedCluster() : undefined;
  const database = await openDatabase({ ...options, archive: kept });
  closers.push(() => database.close());
  await applyMigrations(database.connectionString, database.localEndpoint, {
    chain: join(ROOT, 'migrations'),
    functions: join(ROOT, 'src'),
  });
  if (kept === undefined && database.dumpNew) await keepMigratedCluster(await database.dumpNew());
  return database;
}

/** The providers of mail, payment and storage, replaced on this machine. */
async function startStandIns(ports: LocalPorts, dataDir: string, secrets: Secrets): Promise<void> {
  const mails = await serveMailCatcher({ port: ports.mails, apiKey: secrets.MAIL_API_KEY ?? '' });
  closers.push(() => mails.close());
  const payments = await servePayments({ ports, dataDir, secrets });
  closers.push(() => payments.close());
  const storage = await serveStorage({
    port: ports.storage,
    folder: join(dataDir, 'storage'),
    bucket: 'recordings',
    region: 'us-east-1',
    accessKeyId: secrets.STORAGE_ACCESS_KEY_ID ?? '',
    secretAccessKey: secrets.STORAGE_SECRET_ACCESS_KEY ?? '',
  });
  closers.push(() => storage.close());
}

/** The product works without it. */
async function runCompression(
  ports: LocalPorts,
  dataDir: string,
  secrets: Secrets,
  onLine: (line: string) => void,
) {
  const child = await startCompression({ ports, dataDir, secret: secrets.COMPRESSION_SECRET ?? '', onLine });
  closers.push(() => child.stop());
  void child.exited.then(
    (reason) => isShuttingDown || print(`${child.name} ${reason}; media stays uncompressed`),
  );
}

async function startProduct(fresh: boolean): Promise<void> {
  process.umask(0o077); // what this process and its children write is for its owner only
  const startedAt = performance.now();
  const ports = derivePorts(readPort(process.env.PORT));
  await requireFreePorts(ports);
  const dataDir = resolveDataDir(ROOT, ports.api, process.env.AURALINK_DIR);
  closers.push(await lockDataDir(dataDir, { fresh }));
  const displayedDir = relative(process.cwd(), dataDir) || dataDir;
  print(`AuraLink is starting; its data is in ${displayedDir}`);
  print('Preparing the database, the bundle of the Worker and the media server: up to 30 s');

  const secrets = await ensureSecrets(join(dataDir, 'secrets.json'));
  const databaseUrl = process.env.DATABASE_URL || undefined;
  const tools = findMediaTools();
  const speech = findSpeechTools();
  const settings = buildSettings({ ports, databaseUrl, secrets, tools, speech });
  await startStandIns(ports, dataDir, secrets);
  const onLine = await openLog(dataDir, print);
  if (hasCompression()) await runCompression(ports, dataDir, secrets, onLine);
  const media = { ports, dataDir, secrets, tools, onLine, print, superviseChild, closers };
  const inspected = Boolean(process.env.INSPECT);
  // The bundle, the database and the media server are prepared concurrently.
  const worker = await startWorker({ root: ROOT, dataDir, ports, settings, inspected, onLine });
  superviseChild(worker);
  const [database] = await Promise.all([
    startDatabase({ url: databaseUrl, dataDir: join(dataDir, 'database'), port: ports.database }),
    startMedia(media),
    worker.ready(),
  ]);
  worker.startCrons();
  buildMedia(media).catch((error: unknown) => isShuttingDown || print(getReason(error)));
  runSpeech({ ...media, tools: speech, isEnding: () => isShuttingDown });
  void runAgents({ ...media, speech, isEnding: () => isShuttingDown });
  const addresses = { api: `http://127.0.0.1:${ports.api}`, mails: `http://127.0.0.1:${ports.mails}` };
  const demo = await seedDemo(addresses, join(dataDir, 'demo.json'));

  const summary = formatSummary({ ports, database, livekitUrl: settings.LIVEKIT_URL, tools, speech, demo });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  print(`\nAuraLink is ready after ${seconds} s\n\n${summary}\n\nCtrl-C stops everything.\n`);
}

async function main(): Promise<void> {
  const { fresh, help } = readArguments(process.argv.slice(2), process.env);
  if (help) print(HELP);
  else await startProduct(fresh);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stopRequestedAtMs === undefined) {
      stopRequestedAtMs = performance.now();
      void shutDown(0);
    } else if (performance.now() - stopRequestedAtMs > SAME_REQUEST_MS) process.exit(1);
  });
process.on('uncaughtException', (error) => void fail(error));
main().catch(fail);
