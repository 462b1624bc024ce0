import { liveCommandsIssued } from '../../realtime/protocol/index.ts';
import { selectVisibleRoom } from '../../rooms/access/index.ts';
import { followUpOf } from '../summaries/index.ts';
import { maySendByItself } from './may-continue.ts';
import { postedText } from './post.rules.ts';
import { readRunSummary } from './run-summary.ts';
import { StepFailure, type StepWork } from './step-outcome.ts';

/** The sender that the room shows. */
const IDENTITY = 'agt_~workflow';

/**
 * Posts the summary in the chat of the room, for everybody there. Each attempt posts one message. If the workflow has
 * changed, it waits until a person repeats the run from this step.
 */
export const postSummary: StepWork<'post'> = async (context) => {
  const { ctx, run, current } = context;
  const { content, language, heldOn } = await readRunSummary(context);
  const [[found]] = await ctx.read((q) => [selectVisibleRoom(q, ctx.organizationId, run.roomId, null)]);
  if (!found) throw new StepFailure('room_deleted');
  if (!found.room.features.chat) return { to: 'skipped', reason: 'chat_off' };
  if (!(await maySendByItself(context))) return { to: 'waiting', reason: 'workflow_changed' };
  const text = postedText(`${run.workflowName}, ${heldOn}`, followUpOf(content, language));
  const command = {
    type: 'chat.post' as const,
    key: `${run.id}.post.${current.attempts}`,
    atMs: ctx.clock.now(),
    messageId: ctx.ids.create('message'),
    identity: IDENTITY,
    name: run.workflowName,
    text,
  };
  return { to: 'done', events: [liveCommandsIssued.of({ roomId: run.roomId, commands: [command] })] };
};
