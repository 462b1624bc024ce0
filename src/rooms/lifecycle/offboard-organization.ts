import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { prepareCallEnd } from '../../calls/calls/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { ROOM_TICKET_SECONDS } from '../../realtime/protocol/index.ts';
import { organizationDeletedCommand } from './lifecycle.rules.ts';
import type { OrganizationOffboardingStep } from './lifecycle.schemas.ts';
import {
  selectDeletedOrganization,
  selectMemberIds,
  selectRoomIds,
  selectRoomsInUse,
} from './offboard-organization.queries.ts';
import { accessTokensExpiredAtMs, MAX_SOCKET_SESSION_MS } from './offboard-member.ts';

/** Rooms, or inboxes, that one job closes: it ends well within its time. */
const PAGE_SIZE = 100;

const offboardingStep = (payload: OrganizationOffboardingStep, availableAtMs?: number): DomainEvent => ({
  type: 'organization.closing',
  key: `${payload.run}:${payload.part}:${payload.after ?? ''}`,
  payload: { ...payload },
  ...(availableAtMs === undefined ? {} : { availableAtMs }),
});

/**
 * Begins to close what is open of an organization that was deleted: its rooms and its people's inboxes; and once more
 * when the last access token from before has expired. Its live rooms are forgotten once no ticket opens them any more:
 * until then they have to know that they have ended.
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

/** Live rooms close at once; of the calls that end here the effects clear the cluster. */
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

/** Does a page of them and goes on with the next; nothing when the organization is not deleted. */
export const runOffboardingStep = (ctx: Ctx, payload: OrganizationOffboardingStep): Promise<void> =>
  PART_HANDLERS[payload.part](ctx, payload);
