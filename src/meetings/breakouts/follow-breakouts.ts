import { type Ctx, type Services, systemScope } from '../../platform/context/index.ts';
import { clockCtx, publish } from '../../platform/delivery/index.ts';
import { findStanding } from '../lobby/index.ts';
import { putRoomPerson } from '../rooms/index.ts';
import { listDue, listInGroups, readDivision, readOpenDivision } from './breakouts.queries.ts';
import { divisionsOf, divisionTold } from './breakouts.rules.ts';
import { listUnaware } from './people.queries.ts';
import { closeDivision } from './recall-people.ts';

const AT_ONCE = 100;

/** Tells the room that is divided how things are. */
export async function followDivision(
  ctx: Ctx,
  { roomId, breakoutId }: { roomId: string; breakoutId: string },
): Promise<void> {
  const whole = await ctx.read((q) => readDivision(q, ctx.organizationId, roomId, breakoutId));
  const [division] = divisionsOf(whole);
  if (division) await ctx.ports.liveRooms.apply(roomId, [divisionTold(division)]);
}

/** Keeps somebody out of a room's groups as well who was removed from the room, or lets them in again. */
export async function followRemoval(
  ctx: Ctx,
  { roomId, identity }: { roomId: string; identity: string },
): Promise<void> {
  const [unaware] = await ctx.read((q) => [listUnaware(q, ctx.organizationId, roomId, identity)]);
  if (unaware.length === 0) return;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    // The role stays: it counts again once they are let in.
    write: (q) =>
      unaware.map(({ groupId, person: { role: _role, ...person } }) =>
        putRoomPerson(q, { ...person, roomId: groupId, updatedAt }),
      ),
    effects: unaware.map(({ groupId }) => ({
      type: 'participant.removed',
      key: groupId,
      payload: { roomId: groupId, identity },
    })),
    result: undefined,
  });
}

/** Ends the groups of a room that is over. */
export async function closeGroupsOf(ctx: Ctx, roomId: string): Promise<void> {
  const whole = await ctx.read((q) => readOpenDivision(q, ctx.organizationId, roomId));
  const [division] = divisionsOf(whole);
  if (division) await closeById(ctx, { roomId, id: division.breakout.id });
}

/** Ends a division that is still open. */
async function closeById(ctx: Ctx, { roomId, id }: { roomId: string; id: string }): Promise<void> {
  const [[row], present, rooms, ...whole] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, ''),
    listInGroups(q, ctx.organizationId, id),
    ...readDivision(q, ctx.organizationId, roomId, id),
  ]);
  const [division] = divisionsOf([rooms, ...whole]);
  if (!division || division.breakout.status === 'closed') return;
  await closeDivision(ctx, {}, { parent: row?.room, division, present });
}

/** Sends everybody back whose time in groups is over; one that fails is tried again in the next minute. */
export async function recallDue(services: Services): Promise<{ recalled: number }> {
  const { database, clock, log } = services;
  const [due] = await database.read(systemScope, (q) => [listDue(q, new Date(clock.now()), AT_ONCE)]);
  const lanes = new Set<string>();
  let recalled = 0;
  for (const { organizationId, roomId, id } of due)
    try {
      await closeById(clockCtx(services, 'breakouts.recall', organizationId, lanes), { roomId, id });
      recalled++;
    } catch (error) {
      log.warn('breakouts.not_recalled', { breakoutId: id, error });
    }
  await publish(services, [...lanes]);
  return { recalled };
}
