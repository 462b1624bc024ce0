import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import workerd from 'workerd';


const COMPATIBILITY_DATE = '2026-10-15';
const PRODUCT = 'workers/index.ts';

export interface ServedWorker {
  url: string;
  /** Where the runtime's inspector listens, when asked for. */
  inspectorUrl?: string;
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** The Worker's entry, from the project's root. */
  entry: string;
  /** Text bindings: variables and secrets. */
  text?: Record<string, string>;
  /** Durable Object bindings: name -> class. */
  objects?: Record<string, string>;
  /** Bindings that are another service of ours; they answer 200 to whatever they are asked. */
  sinks?: Record<string, 'queue' | 'r2Bucket'>;
  /**
   * Analytics Engine bindings. The bare runtime would send each data point as a request to another Worker, where the
   * platform only notes it: here they are taken and dropped.
   */
  analytics?: string[];
  inspected?: boolean;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Bundles as a deployment would, with the tool that deploys; a Worker other than the product has no bindings. */
function bundle(entry: string, dir: string): void {
  const product = entry === PRODUCT;
  const config = join(dir, 'wrangler.json');
  writeFileSync(
    config,
    JSON.stringify({ name: 'bench', main: resolve(entry), compatibility_date: COMPATIBILITY_DATE }),
  );
  const args = ['deploy', '--dry-run', '--outdir', join(dir, 'bundle'), ...(product ? ['--env='] : ['--config', config])];
  execFileSync('npx', ['wrangler', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  });
}

function configText(dir: string, modules: string[], port: number, { text = {}, objects = {}, sinks = {}, analytics = [] }: ServeOptions): string {
  const quote = JSON.stringify;
  const bindings = [
    ...Object.entries(text).map(([name, value]) => `(name = ${quote(name)}, text = ${quote(value)})`),
    ...Object.entries(objects).map(([name, className]) => `(name = ${quote(name)}, durableObjectNamespace = ${quote(className)})`),
    ...Object.entries(sinks).map(([name, kind]) => `(name = ${quote(name)}, ${kind} = "sink")`),
    ...analytics.map((name) => `(name = ${quote(name)}, wrapped = (moduleName = "bench:analytics", innerBindings = []))`),
  ];
  const module = (name: string) =>
    name.endsWith('.wasm') ? `(name = ${quote(name)}, wasm = embed ${quote(join('bundle', name))})` : `(name = ${quote(name)}, esModule = embed ${quote(join('bundle', name))})`;
  mkdirSync(join(dir, 'storage'), { recursive: true });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "sink", worker = .sink),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = ${quote(join(dir, 'storage'))}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
  extensions = [(modules = [(name = "bench:analytics", internal = true, esModule = "export default () => ({ writeDataPoint() {} })")])],
);
const sink :Workerd.Worker = (
  modules = [(name = "sink.js", esModule = "export default { fetch: () => new Response('{}') }")],
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
);
const main :Workerd.Worker = (
  modules = [${modules.map(module).join(', ')}],
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${Object.values(objects)
    .map((className) => `(className = ${quote(className)}, uniqueKey = ${quote(`bench-${className}`)}, enableSql = true)`)
    .join(', ')}],
  durableObjectStorage = (localDisk = "storage"),
  globalOutbound = "internet",
);
`;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
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
export async function serve(options: ServeOptions): Promise<ServedWorker> {
  const dir = join(tmpdir(), `auralink-bench-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(dir, { recursive: true });
  bundle(options.entry, dir);
  const files = readdirSync(join(dir, 'bundle')).filter((name) => /\.(js|wasm)$/.test(name));
  const main = files.find((name) => name === options.entry.split('/').at(-1)!.replace('.ts', '.js'))!;
  const port = await freePort();
  const config = join(dir, 'config.capnp');
  writeFileSync(config, configText(dir, [main, ...files.filter((name) => name !== main)], port, options));
  const inspectorPort = options.inspected ? await freePort() : undefined;
  const inspector = inspectorPort === undefined ? [] : [`--inspector-addr=127.0.0.1:${inspectorPort}`];
  const child = spawn(workerd.default, ['serve', '--experimental', ...inspector, relative(process.cwd(), config)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return {
    url,
    ...(inspectorPort === undefined ? {} : { inspectorUrl: `http://127.0.0.1:${inspectorPort}` }),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
