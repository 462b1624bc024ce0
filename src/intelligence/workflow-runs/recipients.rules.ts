import { isAdministratorRole, isModeratorRole, memberRoleInRoom } from '../../rooms/access/index.ts';
import type { Room, RoomPerson } from '../../rooms/rooms/index.ts';

/** An active member who was in the call of a run, with the facts that decide whether they get its mail. */
export interface Attendee {
  userId: string;
  name: string;
  email: string;
  room: Pick<Room, 'createdBy' | 'defaultRoles'>;
  person: Pick<RoomPerson, 'role' | 'removedAt'> | null;
  memberRole: string;
  /** Whether they may see the room. */
  isShown: boolean;
  /** Whether they were there when the first words of the transcript were said, and at its middle. */
  wasThere: boolean;
}

/** A person who gets the mail of a run. */
export interface MailRecipient extends Pick<Attendee, 'userId' | 'name' | 'email'> {
  /**
   * They came after the beginning of the transcript or left before its middle, and do not moderate the room: a person
   * decides about them.
   */
  cameLater: boolean;
}

/** The attendees who may get a mail about the call: they may see the room, and were not removed from it. */
export const recipientsOf = (attendees: readonly Attendee[]): MailRecipient[] =>
  attendees.flatMap(({ userId, name, email, room, person, memberRole, isShown, wasThere }) => {
    const role = memberRoleInRoom(userId, room, { person, memberRole });
    if (!isShown || role === null) return [];
    const mayKnowAll = wasThere || isModeratorRole(role) || isAdministratorRole(memberRole);
    return [{ userId, name, email, cameLater: !mayKnowAll }];
  });
