/** `npm start`: the whole product on this machine. `npm start -- --fresh` begins with empty data. */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Child } from './children.ts';
import { dataDirOf, takeDataDir } from './copy.ts';
import {
  databaseSettings,
  type LocalDatabase,
  openDatabase,
  type OpenDatabaseOptions,
} from './database/open.ts';
import { CommandError, explain, reasonOf } from './failure.ts';
import { findLiveKit, startLiveKit } from './livekit.ts';
import { findGo, installLiveKit } from './livekit-install.ts';
import { serveMailCatcher } from './mail/catcher.ts';
import { applyMigrations } from './migrate.ts';
import { type LocalPorts, portsFrom, readPort, requireFree } from './ports.ts';
import { keepSecrets, type Secrets } from './secrets.ts';
import { type Demo, seedDemo } from './seed.ts';
import { workerSettings } from './settings.ts';
import { startWorker } from './worker.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What is running, in the order it was started, and how each ends. */
const closers: (() => Promise<void>)[] = [];
let ending = false;

async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  process.exitCode = exitCode;
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      console.error(explain('auralink', error));
      process.exitCode = 1;
    }
  }
  process.exit();
}

function fail(error: unknown): Promise<void> {
  if (!ending) console.error(explain('auralink', error));
  return end(1);
}

/** From here on the end of this child is the end of all. */
function watch(child: Child): void {
  closers.push(() => child.stop());
  void child.exited.then((how) => fail(new CommandError(`${child.name} ${how}; everything is stopped`)));
}

const print = (line: string): void => console.log(line);

interface Media {
  ports: LocalPorts;
  dataDir: string;
  secrets: Secrets;
}

async function startMedia(program: string, { ports, dataDir, secrets }: Media): Promise<void> {
  watch(
    await startLiveKit(program, {
      port: ports.livekit,
      udpPort: ports.livekitUdp,
      webhookUrl: `http://localhost:${ports.api}/webhooks/livekit`,
      dataDir,
      apiKey: secrets.LIVEKIT_API_KEY ?? '',
      apiSecret: secrets.LIVEKIT_API_SECRET ?? '',
      onLine: (line) => print(`livekit ${line}`),
    }),
  );
}

/** Nobody waits for it: until it is built, whoever asks for media is told to come again. */
function buildMedia(go: string, media: Media): void {
  const building = installLiveKit({ go, onLine: print });
  closers.push(() => building.stop());
  building.done
    .then((program) => startMedia(program, media))
    .then(
      () => print('LiveKit is built and running'),
      (error: unknown) => ending || print(`There is no LiveKit: ${reasonOf(error)}`),
    );
}

async function startDatabase(options: OpenDatabaseOptions): Promise<LocalDatabase> {
  const database = await openDatabase(options);
  closers.push(() => database.close());
  await applyMigrations(database.connectionString, database.localEndpoint, join(ROOT, 'migrations'));
  return database;
}

function settingsOf(ports: LocalPorts, databaseUrl: string | undefined, secrets: Secrets, media: boolean) {
  const { LIVEKIT_API_KEY, LIVEKIT_API_SECRET, ...own } = secrets;
  return workerSettings({
    PUBLIC_URL: `http://localhost:${ports.api}`,
    MAIL_API_URL: `http://127.0.0.1:${ports.mails}`,
    ...databaseSettings(databaseUrl, ports.database),
    ...own,
    ...(media ? { LIVEKIT_URL: `ws://localhost:${ports.livekit}`, LIVEKIT_API_KEY, LIVEKIT_API_SECRET } : {}),
  });
}

interface Ready {
  ports: LocalPorts;
  database: LocalDatabase;
  livekitUrl: string | undefined;
  demo: Required<Demo> | undefined;
}

/** Everything that one needs to begin with. */
function table({ ports, database, livekitUrl, demo }: Ready): string {
  const api = `http://localhost:${ports.api}`;
  const endpoint = database.localEndpoint ? `, endpoint ${database.localEndpoint}` : '';
  const rows: [string, string][] = [
    ['API', api],
    ['Docs', `${api}/docs`],
    ['Mails', `http://localhost:${ports.mails}`],
    ['Database', `${database.description}${endpoint}`],
    ['LiveKit', livekitUrl || 'not found'],
    ['User', demo?.email ?? 'none: the database knows the demo user by a password that is not kept here'],
    ['Password', demo?.password ?? 'none'],
    ['API key', demo?.apiKey ?? 'none'],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join('\n');
}

async function main(): Promise<void> {
  const began = performance.now();
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const ports = portsFrom(readPort(process.env.PORT));
  await requireFree(ports);
  const dataDir = dataDirOf(ROOT, ports.api, process.env.AURALINK_DIR);
  closers.push(await takeDataDir(dataDir, { fresh: values.fresh }));
  const shown = relative(process.cwd(), dataDir) || dataDir;
  print(`AuraLink is starting; its data is in ${shown}`);

  const secrets = await keepSecrets(join(dataDir, 'secrets.json'));
  const databaseUrl = process.env.DATABASE_URL || undefined;
  const livekit = process.env.LIVEKIT_URL ? undefined : findLiveKit();
  const go = process.env.LIVEKIT_URL || livekit ? undefined : findGo();
  const settings = settingsOf(ports, databaseUrl, secrets, (livekit ?? go) !== undefined);
  const mails = await serveMailCatcher({ port: ports.mails, apiKey: secrets.MAIL_API_KEY ?? '' });
  closers.push(() => mails.close());
  const media = { ports, dataDir, secrets };
  // The bundle, the database and the media server are made ready side by side.
  const worker = await startWorker({ root: ROOT, dataDir, ports, settings, onLine: print });
  watch(worker);
  const [database] = await Promise.all([
    startDatabase({ url: databaseUrl, dataDir: join(dataDir, 'database'), port: ports.database }),
    livekit === undefined ? undefined : startMedia(livekit, media),
    worker.ready(),
  ]);
  worker.startCrons();
  if (go !== undefined) buildMedia(go, media);
  const demo = await seedDemo(`http://127.0.0.1:${ports.api}`, join(dataDir, 'demo.json'));

  print(`\nAuraLink is ready after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  print(table({ ports, database, livekitUrl: settings.LIVEKIT_URL, demo }));
  print('\nCtrl-C stops everything.\n');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (ending) process.exit(1);
    void end(0);
  });
process.on('uncaughtException', (error) => void fail(error));
main().catch(fail);
