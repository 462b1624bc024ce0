import type { Ctx } from '../../kernel/context/index.ts';
import { isStale, withTimeout } from '../../kernel/core/index.ts';
import {
  type AnswerRound,
  type AnswerStep,
  awaitsDecision,
  callsToMake,
  type DataOrigin,
  type OfferedTool,
  SseBlocks,
  stepsOf,
  toEvent,
} from '../agent-tools/index.ts';
import type { AgentDefinition } from '../agents/index.ts';
import { generationErrors, type StartedGeneration, startGeneration } from '../generations/index.ts';
import { changeMessage } from './agent-conversations.queries.ts';
import type { Conversation, Message } from './agent-conversations.tables.ts';
import { type Asked, promptOf } from '../agent-prompts/index.ts';
import { endedMessage, storeEnd } from './store-answer.ts';

/** An answer that is being given, possibly with calls of tools in between. */
export interface Answering {
  ctx: Ctx;
  definition: AgentDefinition;
  asked: Omit<Asked, 'rounds' | 'tools'>;
  tools: readonly OfferedTool[];
  /** The origins of what the agent was given before. */
  given: readonly DataOrigin[];
  /** No tool is called after this moment. */
  untilMs: number;
  /** The feature for which its generations are asked. */
  origin: GenerationOrigin;
}

type GenerationOrigin = NonNullable<NonNullable<Parameters<typeof startGeneration>[2]>['origin']>;

export const originOf = (
  { id, agentId }: Pick<Conversation, 'id' | 'agentId'>,
  { roomId, callId }: { roomId?: string | undefined; callId?: string | undefined } = {},
): GenerationOrigin => ({
  feature: 'agents',
  agent: agentId,
  conversation: id,
  ...(roomId === undefined ? {} : { room: roomId }),
  ...(callId === undefined ? {} : { call: callId }),
});

const LOST = 'The call was made, and what came of it is not known.';

async function makeCall({ ctx, tools, untilMs }: Answering, message: Message, step: AnswerStep) {
  const failed = (result: string): AnswerStep => ({ ...step, state: 'failed', result });
  // The version may have changed since the step was shown: a call that was confirmed for one server is made at no other.
  const tool = tools.find(
    ({ forModel, setting }) =>
      forModel.name === step.name && setting.name === step.tool && setting.connectionId === step.connectionId,
  );
  if (!tool) return failed('The tool is not offered any more.');
  const leftMs = untilMs - ctx.clock.now();
  if (leftMs <= 0) return failed('There was no time left for this call.');
  try {
    const made = tool.call(step.input, `${message.id}-${step.number}`);
    const outcome = await withTimeout(made, leftMs, () => new Error('the tool has not answered in time'));
    return { ...step, state: outcome.failed ? ('failed' as const) : ('done' as const), result: outcome.text };
  } catch (error) {
    ctx.log.error('agent_conversations.tool_failed', { tool: step.tool, error });
    return failed(LOST);
  }
}

/** Makes the calls that await no decision, one after the other, because one may need the result of the one before. */
export async function makeCalls(answering: Answering, message: Message): Promise<Message> {
  const last = message.rounds.at(-1)!;
  const steps: AnswerStep[] = [];
  for (const step of last.steps)
    steps.push(step.state === 'running' ? await makeCall(answering, message, step) : step);
  return { ...message, rounds: [...message.rounds.slice(0, -1), { ...last, steps }] };
}

/** Makes the calls of a round. When one awaits a decision, the steps are stored, and the answer waits. */
async function takeRound(answering: Answering, message: Message, round: AnswerRound): Promise<Message> {
  const { ctx } = answering;
  const taken = await makeCalls(answering, { ...message, rounds: [...message.rounds, round] });
  if (!awaitsDecision(taken.rounds.at(-1)!)) return taken;
  const { rounds } = taken;
  const steppedAt = new Date(ctx.clock.now());
  return storeEnd(ctx, message, { state: 'awaiting', rounds, steppedAt });
}

/** Asks the model again with the results of the tools; the steps are stored with the new generation. */
async function askAgain(
  { ctx, definition, asked, tools, origin }: Answering,
  message: Message,
  stream: boolean,
): Promise<{ message: Message; started: StartedGeneration }> {
  const { rounds } = message;
  const set = { rounds, state: 'running' as const, steppedAt: new Date(ctx.clock.now()) };
  const input = { ...promptOf(definition, { ...asked, rounds, tools }), stream };
  try {
    const started = await startGeneration(ctx, input, {
      write: (q, { id: generationId }) => [changeMessage(q, message, { ...set, generationId })],
      resultOf: () => undefined,
      conflicts: {},
      origin,
    });
    const { id: generationId } = started.row;
    return { message: { ...message, ...set, generationId, version: message.version + 1 }, started };
  } catch (error) {
    await storeFailure(ctx, message);
    throw isStale(error) ? generationErrors.cancelled() : error;
  }
}

/** Does nothing if the next generation was stored, which then says how it ended, or if the conversation is gone. */
async function storeFailure(ctx: Ctx, message: Message): Promise<void> {
  await storeEnd(ctx, message, endedMessage(message, null, ctx.clock.now())).catch((error: unknown) => {
    if (!isStale(error)) throw error;
  });
}

/** Waits for the answer, and calls tools until it is complete. @throws AppError as `startGeneration` */
export async function finishAnswer(
  answering: Answering,
  message: Message,
  started: StartedGeneration,
): Promise<Message> {
  const { answer } = started;
  if (!answer) return message;
  const calls = callsToMake(message.rounds, answer);
  // The results of tools are kept for the request that asked; they are not stored.
  if (calls.length === 0)
    return {
      ...message,
      ...endedMessage(message, answer, answering.ctx.clock.now()),
      rounds: message.rounds,
    };
  const steps = stepsOf(message, calls, answering.tools, answering.given);
  const taken = await takeRound(answering, message, {
    output: answer.output as AnswerRound['output'],
    steps,
  });
  if (taken.state === 'awaiting') return taken;
  const next = await askAgain(answering, taken, false);
  return finishAnswer(answering, next.message, next.started);
}

/** Continues an answer after a decision. */
export async function continueAnswer(answering: Answering, message: Message, stream: boolean) {
  return askAgain(answering, await makeCalls(answering, message), stream);
}

/** Streams all rounds; an event `steps` reports the tools between two of them. It continues without a reader. */
export function streamAnswer(
  answering: Answering,
  message: Message,
  events: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const blocks = new SseBlocks(writable);
  answering.ctx.after('agent_conversations.answer', async () => {
    try {
      await pump(answering, message, events, blocks);
    } catch (error) {
      await blocks.send(toEvent('failed', { failure: 'interrupted', detail: null }));
      throw error;
    } finally {
      await blocks.close();
    }
  });
  return readable;
}

async function pump(
  answering: Answering,
  message: Message,
  events: ReadableStream<Uint8Array>,
  blocks: SseBlocks,
): Promise<void> {
  const { organizationId, ports } = answering.ctx;
  const last = await blocks.forward(events);
  const answer = await ports.liveGenerations.answer({ organizationId, generationId: message.generationId! });
  const calls = answer ? callsToMake(message.rounds, answer) : [];
  if (!answer || calls.length === 0) return blocks.send(last);
  const steps = stepsOf(message, calls, answering.tools, answering.given);
  const taken = await takeRound(answering, message, {
    output: answer.output as AnswerRound['output'],
    steps,
  });
  await blocks.send(toEvent('steps', { state: taken.state, steps: taken.rounds.at(-1)!.steps.map(shown) }));
  if (taken.state === 'awaiting') return;
  const next = await askAgain(answering, taken, true);
  return pump(answering, next.message, next.started.events!, blocks);
}

const shown = ({ number, tool, state }: AnswerStep) => ({ number, tool, state });
