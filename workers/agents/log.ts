/** A line for the supervisor of this process; never words that were said. */
export const log = (line: string, callAgentId?: string): boolean =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), callAgentId, line })}\n`);
