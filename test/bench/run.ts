import { parseArgs } from 'node:util';
import { benchAgents } from './agents.ts';
import { benchAnalytics } from './analytics.ts';
import { benchAiGateway } from './ai-gateway.ts';
import { benchCallNetwork } from './call-network.ts';
import { benchCompression } from './compression.ts';
import { benchFanOut } from './fan-out.ts';
import { benchHotPath } from './hot-path.ts';
import { readCommit, readHistory, recordLanding } from './kit/history.ts';
import { type BenchRow, printReport } from './kit/report.ts';
import { removeBundles } from './kit/workerd.ts';
import { benchLimiter } from './limiter.ts';
import { benchLogin } from './login.ts';
import { benchMemory } from './memory.ts';
import { benchMemoryEmbedding } from './memory-embedding.ts';
import { benchMemoryRecall } from './memory-recall.ts';
import { benchRoundTrips } from './round-trips.ts';
import { benchSlowReader, benchSockets } from './sockets.ts';
import { benchToken } from './token.ts';
import { benchUploads } from './uploads.ts';
import { benchWebhook } from './webhook.ts';

/** `npm run bench [-- [--record] [--calls N] [--uploads N] [--memories N] [--pglite] [--passages N] name …]`: prints a table and writes its figures; a figure that falls short fails nothing. */
const benches: Record<string, () => Promise<BenchRow[]>> = {
  'hot-path': benchHotPath,
  limiter: benchLimiter,
  'round-trips': benchRoundTrips,
  login: benchLogin,
  memory: benchMemory,
  token: benchToken,
  webhook: benchWebhook,
  'fan-out': benchFanOut,
  sockets: benchSockets,
  'slow-reader': benchSlowReader,
  'ai-gateway': benchAiGateway,
};

const { values, positionals: chosen } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    calls: { type: 'string', default: '1000000' },
    uploads: { type: 'string', default: '500' },
    memories: { type: 'string', default: '100000' },
    passages: { type: 'string', default: '10000' },
    pglite: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
/** Measured only when they are named, because they take several minutes, and a PostgreSQL server or packages of media. */
const onRequest: typeof benches = {
  agents: benchAgents,
  analytics: () => benchAnalytics(Number(values.calls)),
  'call-network': benchCallNetwork,
  'memory-embedding': () => benchMemoryEmbedding(Number(values.passages)),
  'memory-recall': () => benchMemoryRecall(Number(values.memories), values.pglite),
  'compression-hostile': benchCompression('hostile'),
  'compression-images': benchCompression('images'),
  'compression-recordings': benchCompression('recordings'),
  'compression-streams': benchCompression('streams'),
  uploads: () => benchUploads(Number(values.uploads)),
};
const all = { ...benches, ...onRequest };
const unknown = chosen.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`);
  process.exit(2);
}

const commit = readCommit();
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(chosen.length > 0 ? all : benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const startedAt = performance.now();
  try {
    rows.push(...(await bench()));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    rows.push({ what: name, measured: 'could not be measured', target: '', holds: false, figures: {} });
  }
  console.error(`… ${name}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
removeBundles();
printReport(rows, readHistory(), 'bench-results.json');
if (values.record && process.exitCode === undefined) recordLanding(rows, commit);
