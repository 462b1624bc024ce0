import type { Ctx } from '../../platform/context/index.ts';
import type { Effect } from '../../platform/outbox/index.ts';
import { closing } from '../calls/index.ts';
import { forEach } from '../moderation/index.ts';
import { ROOM_TICKET_SECONDS } from '../realtime/index.ts';
import { organizationEndTold } from './closing.rules.ts';
import type { ClosingStep } from './closing.schemas.ts';
import { findDeleted, listMemberIds, listRoomIds, listRoomsInUse } from './organization.queries.ts';
import { againAtMs, SOCKET_DAY_MS } from './send-away.ts';

/** Rooms, or inboxes, that one job closes: it ends well within its time. */
const PAGE = 100;

const step = (payload: ClosingStep, availableAtMs?: number): Effect => ({
  type: 'organization.closing',
  key: `${payload.run}:${payload.part}:${payload.after ?? ''}`,
  payload: { ...payload },
  ...(availableAtMs === undefined ? {} : { availableAtMs }),
});

async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failed = (await forEach(items, work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Begins to close what is open of an organization that was deleted: its rooms and its people's inboxes; and once more
 * when the last access token from before has expired. Its live rooms are forgotten once no ticket opens them any more:
 * until then they have to know that they have ended.
 */
export async function followOrganizationEnd(ctx: Ctx): Promise<void> {
  const againMs = againAtMs(ctx);
  const parts = ['rooms', 'inboxes'] as const;
  await ctx.commit({
    write: () => [],
    effects: [
      ...parts.map((part) => step({ run: 'first', part, after: null })),
      ...parts.map((part) => step({ run: 'again', part, after: null }, againMs)),
      step({ run: 'again', part: 'liveRooms', after: null }, againMs + ROOM_TICKET_SECONDS * 1000),
    ],
    result: undefined,
  });
}

/** Live rooms close at once; of the calls that end here the effects clear the cluster. */
async function closeRooms(ctx: Ctx, { run, part, after }: ClosingStep): Promise<void> {
  const atMs = ctx.clock.now();
  const { organizationId } = ctx;
  const since = new Date(atMs - SOCKET_DAY_MS);
  const [[deleted], page] = await ctx.read((q) => [
    findDeleted(q, organizationId),
    listRoomsInUse(q, organizationId, since, after, PAGE),
  ]);
  if (!deleted) return;
  await forAll(page, ({ roomId }) => ctx.ports.liveRooms.apply(roomId, [organizationEndTold(atMs)]));
  const ends = page.flatMap(({ call }) => (call ? [closing(call, 'closed', new Date(atMs))] : []));
  const next = page.length < PAGE ? [] : [step({ run, part, after: page.at(-1)!.roomId })];
  if (ends.length + next.length === 0) return;
  await ctx.commit({
    write: (q) => ends.map((end) => end.write(q)),
    effects: [...ends.flatMap(({ effects }) => effects), ...next],
    result: undefined,
  });
}

async function closeInboxes(ctx: Ctx, { run, part, after }: ClosingStep): Promise<void> {
  const { organizationId } = ctx;
  const [[deleted], page] = await ctx.read((q) => [
    findDeleted(q, organizationId),
    listMemberIds(q, organizationId, after, PAGE),
  ]);
  if (!deleted) return;
  await forAll(page, ({ userId }) => ctx.ports.inboxes.forget(organizationId, userId));
  if (page.length < PAGE) return;
  const next = step({ run, part, after: page.at(-1)!.userId });
  await ctx.commit({ write: () => [], effects: [next], result: undefined });
}

async function forgetRooms(ctx: Ctx, { run, part, after }: ClosingStep): Promise<void> {
  const { organizationId } = ctx;
  const [[deleted], page] = await ctx.read((q) => [
    findDeleted(q, organizationId),
    listRoomIds(q, organizationId, after, PAGE),
  ]);
  if (!deleted) return;
  await forAll(page, ({ roomId }) => ctx.ports.liveRooms.forget(roomId));
  if (page.length < PAGE) return;
  const next = step({ run, part, after: page.at(-1)!.roomId });
  await ctx.commit({ write: () => [], effects: [next], result: undefined });
}

const PARTS = { rooms: closeRooms, inboxes: closeInboxes, liveRooms: forgetRooms };

/** Does a page of them and goes on with the next; nothing when the organization is not deleted. */
export const closeOrganization = (ctx: Ctx, payload: ClosingStep): Promise<void> =>
  PARTS[payload.part](ctx, payload);
