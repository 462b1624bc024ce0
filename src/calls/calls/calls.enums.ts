declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    calls: 'read' | 'write';
  }
}

export {
  CALLER_KINDS as PARTICIPANT_KINDS,
  type CallerKind as ParticipantKind,
} from '../../realtime/protocol/index.ts';

/** Roles that the room's capacity does not count. */
export const UNCOUNTED_ROLES = ['observer', 'agent'] as const;
