import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { memberEventSchema } from './members.schemas.ts';

const defineMemberEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: memberEventSchema,
    example: {
      organizationId: exampleId('organization'),
      memberId: exampleId('member'),
      userId: exampleId('user'),
    },
    key: ({ memberId }) => memberId,
  });

export const memberAdded = defineMemberEvent('member.added', 'A user joined the organization.');
export const memberRoleChanged = defineMemberEvent('member.role_changed', "A member's role changed.");
export const memberSuspended = defineMemberEvent('member.suspended', 'A member was suspended.');
export const memberReactivated = defineMemberEvent(
  'member.reactivated',
  'A suspended member was reactivated.',
);
export const memberRemoved = defineMemberEvent('member.removed', 'A member left or was removed.');

export const memberEvents = [
  memberAdded,
  memberRoleChanged,
  memberSuspended,
  memberReactivated,
  memberRemoved,
];
