/** The scanner as a process: `node main.ts`, beside a clamd. README.md names its variables. */
import { createScannerServer } from './server.ts';

const SHORTEST_SECRET = 32;

function readNumber(name: string, byDefault: number): number {
  const value = Number(process.env[name] ?? byDefault);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number of at least 1`);
  return value;
}

const secrets = (process.env.SCANNER_SECRETS ?? '').split(',').map((secret) => secret.trim());
if (secrets.some(({ length }) => length < SHORTEST_SECRET))
  throw new Error(
    `SCANNER_SECRETS must name secrets of at least ${SHORTEST_SECRET} characters, separated by commas`,
  );

const server = createScannerServer({
  secrets,
  clamd: { host: process.env.CLAMD_HOST ?? '127.0.0.1', port: readNumber('CLAMD_PORT', 3310) },
  scanMs: readNumber('SCAN_SECONDS', 300) * 1_000,
  maxScans: readNumber('MAX_SCANS', 8),
  maxScansOfGroup: readNumber('MAX_SCANS_OF_GROUP', 2),
  log: (reason) => console.error(JSON.stringify({ event: 'scanner.scan_failed', reason })),
});
// A body of a gigabyte may take longer than Node gives to a request.
server.requestTimeout = 0;
server.listen(readNumber('SCANNER_PORT', 8796), process.env.SCANNER_HOST ?? '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => server.close());
