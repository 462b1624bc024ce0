import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { prepareCallEnd } from '../../calls/calls/index.ts';
import { accessTokensExpiredAtMs } from '../../identity/access/index.ts';
import { selectDeletedOrganization } from '../../identity/organizations/index.ts';
import { MAX_SOCKET_SESSION_MS, ROOM_TICKET_SECONDS } from '../../realtime/protocol/index.ts';
import { selectMemberIds, selectRoomIds, selectRoomsInUse } from './offboarding.queries.ts';
import { organizationClosing } from './offboarding.events.ts';
import { organizationDeletedCommand } from './offboarding.rules.ts';
import type { OrganizationOffboardingStep } from './offboarding.schemas.ts';

/** Rooms, or inboxes, per step: a step ends well within a subscriber's time limit. */
const PAGE_SIZE = 100;

const offboardingStep = (step: OrganizationOffboardingStep, availableAtMs?: number) =>
  organizationClosing.of(step, availableAtMs === undefined ? {} : { availableAtMs });

/**
 * Starts closing what a deleted organization has open, its live rooms and its members' inboxes: now, and again when the
 * last access token from before has expired. The state of its live rooms is deleted once no ticket opens them any
 * longer: until then they have to know that they have ended.
 */
export async function startOrganizationOffboarding(ctx: Ctx): Promise<void> {
  const secondRunAtMs = accessTokensExpiredAtMs(ctx);
  const parts = ['rooms', 'inboxes'] as const;
  await ctx.commit({
    write: () => [],
    events: [
      ...parts.map((part) => offboardingStep({ run: 'first', part, after: null })),
      ...parts.map((part) => offboardingStep({ run: 'again', part, after: null }, secondRunAtMs)),
      offboardingStep(
        { run: 'again', part: 'liveRooms', after: null },
        secondRunAtMs + ROOM_TICKET_SECONDS * 1000,
      ),
    ],
    result: undefined,
  });
}

/** Closes live rooms and ends their calls; a subscriber of `call.ended` clears the cluster. */
async function closeRooms(ctx: Ctx, { run, part, after }: OrganizationOffboardingStep): Promise<void> {
  const atMs = ctx.clock.now();
  const { organizationId } = ctx;
  const since = new Date(atMs - MAX_SOCKET_SESSION_MS);
  const [[deleted], page] = await ctx.read((q) => [
    selectDeletedOrganization(q, organizationId),
    selectRoomsInUse(q, organizationId, since, after, PAGE_SIZE),
  ]);
  if (!deleted) return;
  await applyToAll(page, ({ roomId }) =>
    ctx.ports.liveRooms.apply(roomId, [organizationDeletedCommand(atMs)]),
  );
  const ends = page.flatMap(({ call }) => (call ? [prepareCallEnd(call, 'closed', new Date(atMs))] : []));
  const next = page.length < PAGE_SIZE ? [] : [offboardingStep({ run, part, after: page.at(-1)!.roomId })];
  if (ends.length + next.length === 0) return;
  await ctx.commit({
    write: (q) => ends.map((end) => end.write(q)),
    events: [...ends.flatMap(({ events }) => events), ...next],
    result: undefined,
  });
}

async function closeInboxes(ctx: Ctx, { run, part, after }: OrganizationOffboardingStep): Promise<void> {
  const { organizationId } = ctx;
  const [[deleted], page] = await ctx.read((q) => [
    selectDeletedOrganization(q, organizationId),
    selectMemberIds(q, organizationId, after, PAGE_SIZE),
  ]);
  if (!deleted) return;
  await applyToAll(page, ({ userId }) => ctx.ports.inboxes.forget(organizationId, userId));
  if (page.length < PAGE_SIZE) return;
  const next = offboardingStep({ run, part, after: page.at(-1)!.userId });
  await ctx.commit({ write: () => [], events: [next], result: undefined });
}

async function forgetLiveRooms(ctx: Ctx, { run, part, after }: OrganizationOffboardingStep): Promise<void> {
  const { organizationId } = ctx;
  const [[deleted], page] = await ctx.read((q) => [
    selectDeletedOrganization(q, organizationId),
    selectRoomIds(q, organizationId, after, PAGE_SIZE),
  ]);
  if (!deleted) return;
  await applyToAll(page, ({ roomId }) => ctx.ports.liveRooms.forget(roomId));
  if (page.length < PAGE_SIZE) return;
  const next = offboardingStep({ run, part, after: page.at(-1)!.roomId });
  await ctx.commit({ write: () => [], events: [next], result: undefined });
}

const PART_HANDLERS = { rooms: closeRooms, inboxes: closeInboxes, liveRooms: forgetLiveRooms };

/** Handles one page and commits the step of the next; does nothing unless the organization is deleted. */
export const runOffboardingStep = (ctx: Ctx, step: OrganizationOffboardingStep): Promise<void> =>
  PART_HANDLERS[step.part](ctx, step);
