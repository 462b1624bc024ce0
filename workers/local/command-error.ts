/** An error that the user of a command can correct: shown as one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The first line of whatever was thrown. */
export function getReason(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.split('\n', 1)[0] ?? '';
}

const isWrongOption = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Says why a command ended: one line for what can be put right, the whole stack for a defect. */
export function formatFailure(command: string, error: unknown): string {
  if (isWrongOption(error)) return `${command}: ${getReason(error)}`;
  if (error instanceof CommandError) return `${command}: ${error.message}`;
  return `${command}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Runs a command line to its end; its exit code is 0, or 1 with the reason on stderr. */
export async function runCommand(command: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(formatFailure(command, error));
    process.exitCode = 1;
  }
}
