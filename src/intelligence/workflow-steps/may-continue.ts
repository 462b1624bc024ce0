import type { Ctx } from '../../kernel/context/index.ts';
import { isRefusal, requirePermission } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { selectWorkflow } from '../meeting-workflows/index.ts';
import type { WorkflowRun } from '../workflow-runs/index.ts';
import type { StepContext } from './step-outcome.ts';

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

/**
 * Whether a run may send by itself what others read: its workflow is still switched on, and has not changed since the run
 * began. After a person made the run continue, they answer for it.
 */
export async function maySendByItself({ ctx, run }: StepContext): Promise<boolean> {
  const { workflowId, workflowVersion, isByPerson } = run;
  if (isByPerson) return true;
  if (workflowId === null) return false;
  const [[workflow]] = await ctx.read((q) => [selectWorkflow(q, ctx.organizationId, workflowId)]);
  return workflow?.enabled === true && workflow.version === workflowVersion;
}
