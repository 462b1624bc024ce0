import type { LiveCommand } from '../../realtime/protocol/index.ts';

/** Ends a live room because its organization was deleted. Tickets issued before `atMs` open it no longer. */
export const organizationDeletedCommand = (atMs: number): LiveCommand => ({
  type: 'room.ended',
  key: `organization:deleted:${atMs}`,
  atMs,
  by: null,
  reason: 'the organization was deleted',
});
