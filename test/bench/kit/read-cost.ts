import type { Client } from 'pg';
import { readCpuMs } from './processes.ts';
import { median } from './report.ts';

/** What work took, in milliseconds: elapsed, and CPU time of the database server and of this process. */
export interface Cost {
  elapsed: number;
  server: number;
  reader: number;
}

/** The server's processes for the database of the client, without the client's own. They must be on this machine. */
async function serverProcesses(client: Client): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return rows.map(({ pid }) => pid);
}

const cpuMs = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);

export async function measureCost(client: Client, work: () => Promise<unknown>): Promise<Cost> {
  const pids = await serverProcesses(client);
  const before = { elapsed: performance.now(), server: cpuMs(pids), reader: readCpuMs(process.pid) };
  await work();
  return {
    elapsed: performance.now() - before.elapsed,
    server: cpuMs(pids) - before.server,
    reader: readCpuMs(process.pid) - before.reader,
  };
}

export const cpuOf = ({ server, reader }: Cost): number => server + reader;

/** The median of each figure. */
export const medianCost = (costs: readonly Cost[]): Cost => ({
  elapsed: median(costs.map(({ elapsed }) => elapsed)),
  server: median(costs.map(({ server }) => server)),
  reader: median(costs.map(({ reader }) => reader)),
});

export const formatCost = (cost: Cost, digits = 1): string => {
  const [cpu, server, elapsed] = [cpuOf(cost), cost.server, cost.elapsed].map((ms) => ms.toFixed(digits));
  return `${cpu} ms of CPU (server ${server}), ${elapsed} elapsed`;
};

/** All figures, for the JSON. */
export const costFigures = (prefix: string, costs: readonly Cost[]): Record<string, number[]> => ({
  [`${prefix}CpuMs`]: costs.map(cpuOf),
  [`${prefix}ServerMs`]: costs.map(({ server }) => server),
  [`${prefix}ElapsedMs`]: costs.map(({ elapsed }) => elapsed),
});
