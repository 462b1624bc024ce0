import type { Ctx } from '../../kernel/context/index.ts';
import { isRefusal, requirePermission } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import type { WorkflowRun } from '../workflow-runs/index.ts';

/**
 * Whether a run may still use the authority of its author. That needs the permission for workflows, or, after a person
 * made it continue, the permission for what they did; and their role in the room.
 */
export async function mayContinue(author: Ctx, { roomId, isByPerson }: WorkflowRun): Promise<boolean> {
  try {
    requirePermission(author.actor, isByPerson ? 'transcripts:write' : 'meeting-workflows:write');
    const [access] = await requireRoomAccess(author, { roomId });
    requireModerator(access);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
