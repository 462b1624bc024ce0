import { CALLER_KINDS } from '../../realtime/protocol/index.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    calls: 'read' | 'write';
  }
}

/** What takes part in a call: the callers of a room's socket, and people on the telephone without one. */
export const PARTICIPANT_KINDS = [...CALLER_KINDS, 'phone'] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

/** Roles that the room's capacity does not count. */
export const UNCOUNTED_ROLES = ['observer', 'agent'] as const;
