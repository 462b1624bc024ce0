/** tool_failed: the tool answered with an error. failed: there was no answer of the tool. */
export const CALL_OUTCOMES = ['succeeded', 'tool_failed', 'failed'] as const;
export type ToolCallOutcome = (typeof CALL_OUTCOMES)[number];
