import type { DataOrigin } from './agent-tools.rules.ts';
import type { AgentTool } from './agent-tools.schemas.ts';
import { type AnswerRound, type AnswerStep, MAX_STEPS_OF_ROUND, type ToolCallPart } from './rounds.rules.ts';

/** The properties of an offered tool that decide about its calls. */
interface StepTool {
  setting: AgentTool;
  needsConfirmation(given: readonly DataOrigin[]): boolean;
  forModel: { name: string };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Given {
  sources: readonly unknown[];
  rounds: readonly AnswerRound[];
}

/**
 * Most characters of the arguments of all calls of an answer, as JSON: they are stored with it, and shown with each
 * page of messages.
 */
const MAX_ARGUMENTS = 32_000;

const lengthOf = (input: unknown): number => JSON.stringify(input).length;

const wasMade = ({ state }: AnswerStep): boolean => state === 'done' || state === 'failed';

/** The origins of what an answer was given. */
const originsOf = ({ sources, rounds }: Given): DataOrigin[] => [
  ...(sources.length > 0 ? [null] : []),
  ...rounds.flatMap(({ steps }) => steps.filter(wasMade).map(({ connectionId }) => connectionId)),
];

/**
 * The calls that the model asked for, as steps with the next numbers: each runs, awaits a decision, or has failed
 * already.
 * @param earlier the origins of the conversation before
 */
export function stepsOf(
  answer: Given,
  calls: readonly ToolCallPart[],
  tools: readonly StepTool[],
  earlier: readonly DataOrigin[],
): AnswerStep[] {
  const { sources, rounds } = answer;
  const given = [...earlier, ...originsOf(answer)];
  const first = 1 + sources.length + rounds.reduce((sum, { steps }) => sum + steps.length, 0);
  let left =
    MAX_ARGUMENTS - rounds.flatMap(({ steps }) => steps).reduce((sum, step) => sum + lengthOf(step.input), 0);
  return calls.map(({ id: callId, name, input }, index) => {
    left -= lengthOf(input);
    const tool = tools.find(({ forModel }) => forModel.name === name);
    const step: AnswerStep = {
      number: first + index,
      callId,
      tool: tool?.setting.name ?? name,
      connectionId: tool?.setting.connectionId ?? null,
      name,
      input: isObject(input) && left >= 0 ? input : {},
      state: 'failed',
      result: null,
    };
    if (!tool) return { ...step, result: 'There is no such tool.' };
    if (!isObject(input)) return { ...step, result: 'The arguments must be an object.' };
    if (left < 0) return { ...step, result: 'The arguments of this answer are too long.' };
    if (index >= MAX_STEPS_OF_ROUND) return { ...step, result: 'These are too many calls at once.' };
    return { ...step, state: tool.needsConfirmation(given) ? 'awaiting' : 'running' };
  });
}
