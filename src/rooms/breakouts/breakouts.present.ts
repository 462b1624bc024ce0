import type { LiveBreakouts, LiveCommand } from '../../realtime/protocol/index.ts';
import type { BreakoutSession } from './breakouts.rules.ts';
import type { BreakoutsView } from './breakouts.schemas.ts';

const toIsoOrNull = (date: Date | null) => date?.toISOString() ?? null;

const presentGroups = ({ groups, people }: BreakoutSession): BreakoutsView['rooms'] =>
  groups.map(({ room }) => ({
    roomId: room.id,
    name: room.name,
    identities: people
      .filter(({ roomId }) => roomId === room.id)
      .map(({ identity }) => identity)
      .toSorted(),
  }));

/** A session as the API shows it. */
export function presentBreakouts(session: BreakoutSession): BreakoutsView {
  const { id, roomId, assignment, status, openedAt, closesAt, closedAt } = session.breakout;
  return {
    id,
    roomId,
    assignment,
    status,
    openedAt: openedAt.toISOString(),
    closesAt: toIsoOrNull(closesAt),
    closedAt: toIsoOrNull(closedAt),
    rooms: presentGroups(session),
  };
}

/** The command that shows a session in the live room; its key makes repeating it harmless. */
export function buildBreakoutsCommand(session: BreakoutSession, by: string | null = null): LiveCommand {
  const { id, status, closesAt, version, updatedAt } = session.breakout;
  const view: LiveBreakouts = {
    breakoutId: id,
    status,
    closesAt: toIsoOrNull(closesAt),
    rooms: presentGroups(session),
  };
  const eventName = status === 'closed' ? 'closed' : version === 1 ? 'opened' : 'updated';
  return {
    type: `breakouts.${eventName}`,
    key: `${id}:${version}`,
    atMs: updatedAt.getTime(),
    by,
    breakouts: view,
  };
}
