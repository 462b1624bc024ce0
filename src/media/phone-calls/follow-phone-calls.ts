import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { publishEach, runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { advancePhoneCall } from './advance-phone-call.ts';
import { phoneCallFollowed } from './phone-calls.events.ts';
import {
  selectOpenOfCall,
  selectOpenOfCaller,
  selectOpenOfNumber,
  selectOpenOfRoom,
  selectOpenOfTrunk,
  selectPhoneCallsToSweep,
} from './open-phone-calls.queries.ts';

const PHONE_CALLS_PER_RUN = 500;

/** Advances telephone calls, each in the name of its organization. */
const follow = (ctx: Ctx, due: readonly { id: string; organizationId: string }[]): Promise<void> =>
  publishEach(ctx, due, (phoneCallId) => phoneCallFollowed.of({ phoneCallId }));

/** After a call ended. */
export async function followCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenOfCall(q, callId)], systemScope);
  await follow(ctx, due);
}

/** After a room was deleted. */
export async function followRoom(ctx: Ctx, { roomId }: { roomId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenOfRoom(q, ctx.organizationId, roomId)]);
  await follow(ctx, due);
}

/** After a trunk was switched off or deleted. */
export async function followTrunk(ctx: Ctx, { phoneTrunkId }: { phoneTrunkId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenOfTrunk(q, ctx.organizationId, phoneTrunkId)]);
  await follow(ctx, due);
}

/** After a number was switched off or deleted. */
export async function followNumber(ctx: Ctx, { phoneNumberId }: { phoneNumberId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenOfNumber(q, ctx.organizationId, phoneNumberId)]);
  await follow(ctx, due);
}

/** After somebody who called in left a call, or was removed from a room. */
export async function followCaller(ctx: Ctx, identity: string): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenOfCaller(q, ctx.organizationId, identity, null)]);
  for (const { id } of due) await advancePhoneCall(ctx, id);
}

/** Scheduled each minute: advances telephone calls, in case an event was lost. */
export async function sweepPhoneCalls(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectPhoneCallsToSweep(q, new Date(services.clock.now()), PHONE_CALLS_PER_RUN),
  ]);
  return runSweep(services, 'phone_calls.sweep', due, async (ctx, { id }) => {
    await advancePhoneCall(ctx, id);
  });
}
