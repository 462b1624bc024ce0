export { STEP_STATES } from './agent-tools.enums.ts';
export type { DataOrigin } from './agent-tools.rules.ts';
export { agentToolSchema, type AgentTool } from './agent-tools.schemas.ts';
export { type OfferedTool, offerTools, type ToolCaller } from './offer-tools.ts';
export { requireTools } from './require-tools.ts';
export {
  ABANDONED_MS,
  type AnswerRound,
  type AnswerStep,
  awaitsDecision,
  callsToMake,
  decided,
  MAX_ROUNDS,
  textWith,
  TOOLS_MS,
  turnsOf,
  withoutResults,
} from './rounds.rules.ts';
export { SseBlocks, toEvent } from './sse-blocks.ts';
export { stepsOf } from './steps.rules.ts';
