import { HttpLoad } from './kit/http-load.ts';
import { readCpuMs, withCoresDivided } from './kit/processes.ts';
import { type BenchAccount, type BenchProduct, liftLimits, serveProduct } from './kit/product.ts';
import { type BenchRow, formatSpread, median } from './kit/report.ts';
import { serveWorker } from './kit/workerd.ts';

const ROUNDS = 7;
/** People who log in at the same time, each again and again. */
const CLIENTS = 2;
const SLICE_MS = 800;
const TARGET = 1.15;

let address = 0;

async function logIn({ url }: BenchProduct, { email, password }: BenchAccount): Promise<void> {
  // Each from an address of its own: what is measured is the hash, not the limit.
  const from = `10.${(++address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`;
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': from },
    body: JSON.stringify({ email, password }),
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`log-in answered ${response.status}`);
}

interface Slice {
  cpuMs: number;
  requests: number;
  requestsPerSecond: number;
  logins: number;
}

/** Requests to another route, and beside them log-ins until the slice is over; ends when all are answered. */
async function runSlice(
  product: BenchProduct,
  account: BenchAccount,
  others: HttpLoad,
  clients: number,
): Promise<Slice> {
  const cpuMsBefore = readCpuMs(product.pid);
  const startedAt = performance.now();
  let logins = 0;
  const loggingIn = Array.from({ length: clients }, async () => {
    while (performance.now() - startedAt < SLICE_MS) {
      await logIn(product, account);
      logins++;
    }
  });
  const requests = await others.run(SLICE_MS);
  const requestsPerSecond = (requests * 1000) / (performance.now() - startedAt);
  await Promise.all(loggingIn);
  return { cpuMs: readCpuMs(product.pid) - cpuMsBefore, requests, requestsPerSecond, logins };
}

/** @returns milliseconds of CPU time for one hash alone */
async function measureHash(pid: number, hashes: HttpLoad): Promise<number> {
  const before = readCpuMs(pid);
  const count = await hashes.run(SLICE_MS / 2);
  return (readCpuMs(pid) - before) / count;
}

/**
 * What a log-in takes from other routes, against its hash alone: with log-ins, a slice takes more CPU time than its other
 * requests explain, and that is what the log-ins cost. Everything shares one core here, as on a single isolate's thread.
 */
export async function benchLogin(): Promise<BenchRow[]> {
  const product = await serveProduct();
  const hasher = await serveWorker({ entry: 'test/bench/worlds/hash.ts' });
  try {
    const account = await product.signUp();
    await liftLimits(product, account.organizationId);
    const headers = { authorization: `Bearer ${account.token}` };
    const others = await HttpLoad.open({ url: `${product.url}/api/v1/auth/whoami`, headers });
    const hashes = await HttpLoad.open({ url: hasher.url, connections: 1 });
    const loginMs: number[] = [];
    const hashMs: number[] = [];
    const kept: number[] = [];
    await withCoresDivided([product.pid, hasher.pid], async () => {
      await others.run(SLICE_MS * 2);
      await runSlice(product, account, others, CLIENTS);
      await measureHash(hasher.pid, hashes);
      for (let round = 0; round < ROUNDS; round++) {
        const quiet = await runSlice(product, account, others, 0);
        const loaded = await runSlice(product, account, others, CLIENTS);
        const ofOthersMs = (loaded.requests * quiet.cpuMs) / quiet.requests;
        loginMs.push((loaded.cpuMs - ofOthersMs) / loaded.logins);
        kept.push(loaded.requestsPerSecond / quiet.requestsPerSecond);
        hashMs.push(await measureHash(hasher.pid, hashes));
      }
    });
    for (const load of [others, hashes]) load.close();
    const ratios = loginMs.map((ms, i) => ms / hashMs[i]!);
    const ratio = { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
    return [
      {
        what: 'CPU time that a log-in takes from other routes / its hash alone',
        measured:
          `${formatSpread(ratio)}; ${median(loginMs).toFixed(0)} / ${median(hashMs).toFixed(0)} ms; on one core ` +
          `others keep ${median(kept).toFixed(2)} of their requests/s beside ${CLIENTS} people who log in without pause`,
        target: `≤ ${TARGET}`,
        holds: ratio.median <= TARGET,
        figures: { loginMs, hashMs, kept, ratio: ratio.median },
        recorded: { name: 'login', value: ratio.median },
      },
    ];
  } finally {
    await product.stop();
    await hasher.stop();
  }
}
