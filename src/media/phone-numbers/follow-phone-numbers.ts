import type { CallInApi, ClusterEntry } from '../../calls/clusters/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { advancePhoneNumber } from './advance-phone-number.ts';
import { type ClusterComparison, compareWithClusters, type Comparison } from './compare-with-clusters.ts';
import { selectNumbersOfCluster, selectPhoneNumbersToSweep } from './sweep-phone-numbers.queries.ts';

const NUMBERS_PER_RUN = 500;

/** Deletes a number at its cluster after it was deleted here. */
export async function removeNumberAtCluster(
  { ports, trace }: Ctx,
  { cluster, clusterTrunk }: { cluster: string; clusterTrunk: string },
): Promise<void> {
  const { clusters } = ports;
  if (clusters.names.includes(cluster)) await clusters.callIns(cluster, trace).numbers.remove(clusterTrunk);
}

/** Scheduled each minute: brings numbers into line with their clusters, whatever of their events was lost. */
export async function sweepPhoneNumbers(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectPhoneNumbersToSweep(q, new Date(services.clock.now()), NUMBERS_PER_RUN),
  ]);
  return runSweep(services, 'phone_numbers.sweep', due, (ctx, { id }) => advancePhoneNumber(ctx, id));
}

const compareNumbers = {
  task: 'phone_numbers',
  isOurs: ({ id }: ClusterEntry) => id.startsWith('phn_'),
  entriesOf: ({ numbers }: CallInApi) => numbers,
  readRows: async ({ database }: Services, cluster: string) =>
    (await database.read(systemScope, (q) => [selectNumbersOfCluster(q, cluster)]))[0],
  restore: (ctx: Ctx, id: string) => advancePhoneNumber(ctx, id),
} satisfies Comparison;

/** Scheduled each minute: see `compareWithClusters`. */
export const sweepNumbersOfClusters = (services: Services): Promise<ClusterComparison[]> =>
  compareWithClusters(services, compareNumbers);
