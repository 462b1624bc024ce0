import type { DialInView } from './dial-ins.schemas.ts';
import type { ShownDialIn } from './manage-dial-in.ts';

/** A dial-in as moderators of its room see it. */
export const presentDialIn = ({ row, pin, numbers }: ShownDialIn): DialInView => ({
  roomId: row.id,
  pin,
  numbers,
  state: row.state,
  reason: row.reason,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
