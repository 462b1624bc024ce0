import type { Ports } from '../src/kernel/context/index.ts';
import type { Clock } from '../src/kernel/core/index.ts';
import { createLiveGenerations, createModelBreakers } from './generation-stubs.ts';
import { createMcpSessions } from './mcp-session-stubs.ts';
import { createRecognitions } from './recognition-stubs.ts';

type LiveIntelligence = Pick<Ports, 'liveGenerations' | 'modelBreakers' | 'mcpSessions' | 'recognitions'>;

/** The live objects of the domain `intelligence`. */
export const createIntelligencePorts = (env: Env, clock: Clock): LiveIntelligence => ({
  liveGenerations: createLiveGenerations(env.AI_GENERATION),
  modelBreakers: createModelBreakers(env.AI_GENERATION, clock),
  mcpSessions: createMcpSessions(env.MCP_SESSION_BOOK),
  recognitions: createRecognitions(env.LIVE_RECOGNITION),
});
