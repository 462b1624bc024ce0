import type { CallInApi, ClusterEntry } from '../../calls/clusters/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { publishEach, runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { type ClusterComparison, compareWithClusters, type Comparison } from '../phone-numbers/index.ts';
import { advanceDialIn } from './advance-dial-in.ts';
import { dialInFollowed } from './dial-ins.events.ts';
import {
  selectDialInOfCall,
  selectDialInsOfCluster,
  selectDialInsOfOrganization,
  selectDialInsToSweep,
  selectWaitingDialIn,
} from './sweep-dial-ins.queries.ts';

const DIAL_INS_PER_RUN = 500;

/** Advances dial-ins, each in the name of its organization. */
const follow = (ctx: Ctx, due: readonly { id: string; organizationId: string }[]): Promise<void> =>
  publishEach(ctx, due, (roomId) => dialInFollowed.of({ roomId }));

/** After a call began or ended. */
export async function followCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectDialInOfCall(q, callId)], systemScope);
  await follow(ctx, due);
}

/** After somebody came who may be the host for whom the room waits. */
export async function followNewcomer(ctx: Ctx, { roomId }: { roomId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectWaitingDialIn(q, ctx.organizationId, roomId)]);
  for (const { id } of due) await advanceDialIn(ctx, id);
}

/** After a number of the organization began or ceased to take calls. */
export async function followNumbers(ctx: Ctx): Promise<void> {
  const [due] = await ctx.read((q) => [selectDialInsOfOrganization(q, ctx.organizationId)]);
  await follow(ctx, due);
}

/** Scheduled each minute: advances dial-ins, in case an event was lost. */
export async function sweepDialIns(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectDialInsToSweep(q, new Date(services.clock.now()), DIAL_INS_PER_RUN),
  ]);
  return runSweep(services, 'dial_ins.sweep', due, (ctx, { id }) => advanceDialIn(ctx, id));
}

const compareRules = {
  task: 'dial_ins',
  isOurs: ({ id }: ClusterEntry) => id.startsWith('room_'),
  entriesOf: ({ rules }: CallInApi) => rules,
  readRows: async ({ database }: Services, cluster: string) =>
    (await database.read(systemScope, (q) => [selectDialInsOfCluster(q, cluster)]))[0],
  restore: (ctx: Ctx, id: string) => advanceDialIn(ctx, id, true),
} satisfies Comparison;

/** Scheduled each minute: see `compareWithClusters`. */
export const sweepRulesOfClusters = (services: Services): Promise<ClusterComparison[]> =>
  compareWithClusters(services, compareRules);
