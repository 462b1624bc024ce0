import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const COMPATIBILITY_DATE = '2026-10-15';
const PRODUCT = 'workers/index.ts';

/** The runtime's program, in the version that wrangler runs. */
const wranglersRequire = createRequire(createRequire(import.meta.url).resolve('wrangler/package.json'));
const { default: WORKERD } = wranglersRequire('workerd') as { default: string };

export interface ServedWorker {
  url: string;
  /** Id of the runtime's process. */
  pid: number;
  /** Port of the runtime's inspector, if it was requested. */
  inspectorUrl?: string;
  /** Ports of the further isolates. */
  replicaUrls: string[];
  /** Kills the runtime, as when a machine fails, and starts it again on the same ports and storage. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** The Worker's entry, from the project's root. */
  entry: string;
  /** Text bindings: variables and secrets. */
  text?: Record<string, string>;
  /** Durable Object bindings: name -> class. */
  objects?: Record<string, string>;
  /** Bindings to another service; they answer every request with 200. */
  sinks?: Record<string, 'queue' | 'r2Bucket'>;
  /**
   * Analytics Engine bindings. The bare runtime would send each data point as a request to another Worker, where the
   * platform only notes it: here they are taken and dropped.
   */
  analytics?: string[];
  inspected?: boolean;
  /** Further isolates of the same Worker, each behind a port of its own, sharing the first one's objects. */
  replicas?: number;
}

const makeFolder = () => mkdtempSync(join(tmpdir(), 'auralink-bench-'));

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const bundles = new Map<string, string>();

/**
 * Bundles as a deployment would, with the tool that deploys, once for each entry; a Worker other than the product has no
 * bindings. @returns the folder of its modules
 */
function bundleWorker(entry: string): string {
  const bundled = bundles.get(entry);
  if (bundled) return bundled;
  const dir = makeFolder();
  const product = entry === PRODUCT;
  const config = join(dir, 'wrangler.json');
  writeFileSync(
    config,
    JSON.stringify({ name: 'bench', main: resolve(entry), compatibility_date: COMPATIBILITY_DATE }),
  );
  const args = [
    'deploy',
    '--dry-run',
    // Needs no Docker; the container is no part of what is measured.
    '--containers-rollout=none',
    '--outdir',
    join(dir, 'bundle'),
    ...(product ? [] : ['--config', config]),
  ];
  execFileSync('npx', ['wrangler', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  });
  bundles.set(entry, dir);
  return dir;
}

/** Deletes the bundles of all entries; served Workers are stopped before. */
export function removeBundles(): void {
  for (const dir of bundles.values()) rmSync(dir, { recursive: true, force: true });
  bundles.clear();
}

const quote = (value: string) => JSON.stringify(value);

function formatBindings(
  { text = {}, objects = {}, sinks = {}, analytics = [] }: ServeOptions,
  objectsService: string,
): string {
  return [
    ...Object.entries(text).map(([name, value]) => `(name = ${quote(name)}, text = ${quote(value)})`),
    ...Object.entries(objects).map(
      ([name, className]) =>
        `(name = ${quote(name)}, durableObjectNamespace = (className = ${quote(className)}, serviceName = ${quote(objectsService)}))`,
    ),
    ...Object.entries(sinks).map(([name, kind]) => `(name = ${quote(name)}, ${kind} = "sink")`),
    ...analytics.map(
      (name) => `(name = ${quote(name)}, wrapped = (moduleName = "bench:analytics", innerBindings = []))`,
    ),
  ].join(', ');
}

function formatWorker(name: string, modules: string[], options: ServeOptions, ownsObjects: boolean): string {
  const module = (file: string) =>
    `(name = ${quote(file)}, ${file.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed ${quote(join('bundle', file))})`;
  const namespaces = Object.values(options.objects ?? {}).map(
    (className) =>
      `(className = ${quote(className)}, uniqueKey = ${quote(`bench-${className}`)}, enableSql = true)`,
  );
  return `const ${name} :Workerd.Worker = (
  modules = [${modules.map(module).join(', ')}],
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
  bindings = [${formatBindings(options, 'main')}],
  ${ownsObjects ? `durableObjectNamespaces = [${namespaces.join(', ')}], durableObjectStorage = (localDisk = "storage"),` : ''}
  globalOutbound = "internet",
);
`;
}

function formatConfig(dir: string, modules: string[], ports: number[], options: ServeOptions): string {
  const services = ports.map((_, i) => (i === 0 ? 'main' : `replica${i}`));
  const sockets = ports.map(
    (port, i) =>
      `(name = "http${i}", address = "127.0.0.1:${port}", http = (), service = ${quote(services[i]!)})`,
  );
  mkdirSync(join(dir, 'storage'), { recursive: true });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${services.map((name, i) => `(name = ${quote(name)}, worker = ${i === 0 ? '.main' : '.replica'}),`).join('\n    ')}
    (name = "sink", worker = .sink),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = ${quote(join(dir, 'storage'))}, writable = true)),
  ],
  sockets = [${sockets.join(', ')}],
  extensions = [(modules = [(name = "bench:analytics", internal = true, esModule = "export default () => ({ writeDataPoint() {} })")])],
);
const sink :Workerd.Worker = (
  modules = [(name = "sink.js", esModule = "export default { fetch: () => new Response('{}') }")],
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
);
${formatWorker('main', modules, options, true)}${formatWorker('replica', modules, options, false)}`;
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error('workerd ended before it was ready');
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('workerd did not become ready');
}

/** Runs the bundled Worker on the bare runtime: no proxy in front, storage on disk, one thread. */
export async function serveWorker(options: ServeOptions): Promise<ServedWorker> {
  const dir = makeFolder();
  cpSync(join(bundleWorker(options.entry), 'bundle'), join(dir, 'bundle'), { recursive: true });
  const files = readdirSync(join(dir, 'bundle')).filter((name) => /\.(js|wasm)$/.test(name));
  const main = files.find((name) => name === options.entry.split('/').at(-1)!.replace('.ts', '.js'))!;
  const ports: number[] = [];
  for (let i = 0; i <= (options.replicas ?? 0); i++) ports.push(await findFreePort());
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const config = join(dir, 'config.capnp');
  writeFileSync(config, formatConfig(dir, [main, ...files.filter((name) => name !== main)], ports, options));
  const inspectorPort = options.inspected ? await findFreePort() : undefined;
  const inspector = inspectorPort === undefined ? [] : [`--inspector-addr=127.0.0.1:${inspectorPort}`];
  const url = urls[0]!;
  const start = async () => {
    const args = ['serve', '--experimental', ...inspector, relative(process.cwd(), config)];
    const started = spawn(WORKERD, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await waitUntilReady(url, started);
    return started;
  };
  let child = await start();
  const kill = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    get pid() {
      return child.pid!;
    },
    replicaUrls: urls.slice(1),
    ...(inspectorPort === undefined ? {} : { inspectorUrl: `http://127.0.0.1:${inspectorPort}` }),
    async restart() {
      await kill();
      child = await start();
    },
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
