/** A line for whatever runs this process; never what was said. */
export const log = (line: string, callAgentId?: string): boolean =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), callAgentId, line })}\n`);
