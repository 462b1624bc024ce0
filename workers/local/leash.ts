/**
 * Runs a command that ends with the launcher, even when the launcher is killed outright:
 * `node leash.ts <command> <arguments…>`, started detached and with an IPC channel, so that the command's whole process
 * group can be stopped from here when the channel breaks.
 */
import { spawn } from 'node:child_process';

const GRACE_MS = 4_000;
const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('leash.ts needs a command');

const child = spawn(command, args, { stdio: 'inherit' });
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

// The group's signals reach the child by themselves; the leash outlives them to pass on its exit code.
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => {
  process.kill(-process.pid, 'SIGTERM');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
});
