/**
 * Serves the Worker as `wrangler dev` does, bundled again when a file changes: `node serve-worker.ts --port <port> …`.
 * Unlike that command it can do without an inspector: Wrangler keeps each line of the log in memory for as long as no
 * debugger is connected, without bound, and stops answering when one connects at last.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unstable_startWorker } from 'wrangler';

const ROOT = join(import.meta.dirname, '../..');
const HOST = '127.0.0.1';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'inspector-port': { type: 'string' },
    'persist-to': { type: 'string' },
    'env-file': { type: 'string' },
  },
});
const inspectorPort = values['inspector-port'];

await unstable_startWorker({
  config: join(ROOT, 'wrangler.toml'),
  entrypoint: join(import.meta.dirname, 'storage/worker-with-uploads.ts'),
  envFiles: [values['env-file'] ?? ''],
  dev: {
    server: { hostname: HOST, port: Number(values.port) },
    inspector: inspectorPort === undefined ? false : { hostname: HOST, port: Number(inspectorPort) },
    persist: values['persist-to'] ?? '',
    logLevel: 'log',
    watch: true,
    liveReload: false,
    remote: false,
  },
});
