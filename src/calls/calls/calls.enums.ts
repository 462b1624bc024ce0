declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    calls: 'read' | 'write';
  }
}

/** Who somebody in a call is; plain, for tables, schemas and rules alike. */
export const PARTICIPANT_KINDS = ['user', 'guest', 'service', 'agent'] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

/** Roles that no capacity counts. */
export const UNCOUNTED_ROLES = ['observer', 'agent'] as const;
