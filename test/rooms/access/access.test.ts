import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/kernel/core/index.ts';
import {
  requireAdmitted,
  requireMember,
  requireModerator,
  requireVisible,
  type RoomAccess,
  type RoomRelation,
} from '../../../src/rooms/access/index.ts';
import { ROOM_ROLES, type RoomRole } from '../../../src/rooms/rooms/index.ts';

const accessOf = (relation: RoomRelation, role: RoomRole | null) => ({ relation, role }) as RoomAccess;
const codeOf = (guard: () => unknown): string => {
  try {
    guard();
    return 'passes';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

/** What each guard answers by the relation; a guard that does not name a relation lets it pass. */
const BY_RELATION: Record<RoomRelation, { visible: string; member: string; admitted: string }> = {
  current: { visible: 'passes', member: 'passes', admitted: 'passes' },
  not_admitted: { visible: 'passes', member: 'passes', admitted: 'rooms.denied' },
  removed: { visible: 'passes', member: 'passes', admitted: 'rooms.removed' },
  former_member: { visible: 'passes', member: 'rooms.not_found', admitted: 'passes' },
  unrelated: { visible: 'rooms.not_found', member: 'passes', admitted: 'passes' },
};
const MODERATING: readonly (RoomRole | null)[] = ['host', 'moderator'];

describe('the guards of access to a room', () => {
  it.each(Object.entries(BY_RELATION))('answer somebody who is %s, in every role', (relation, expected) => {
    for (const role of [...ROOM_ROLES, null]) {
      const access = accessOf(relation as RoomRelation, role);
      expect({
        visible: codeOf(() => requireVisible(access)),
        member: codeOf(() => requireMember(access)),
        admitted: codeOf(() => requireAdmitted(access)),
      }).toEqual(expected);
    }
  });

  it.each([...ROOM_ROLES, null])('let the role %s moderate only if it is host or moderator', (role) => {
    expect(codeOf(() => requireModerator({ role }))).toBe(
      MODERATING.includes(role) ? 'passes' : 'moderation.not_moderator',
    );
  });
});
