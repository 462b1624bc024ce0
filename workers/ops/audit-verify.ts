import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BundleReport, verifyBundle } from '../../src/platform/audit-chain/index.ts';
import { createAttestationReader } from '../../src/kernel/crypto/index.ts';
import { CommandError, getReason, runCommand } from '../local/command-error.ts';

const USAGE = 'usage: npm run audit:verify -- <bundle.jsonl> [--jwks <keys.json>] [--checkpoint <file.jws>]…';

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${getReason(error)}`);
  }
}

/** Lines end with a line feed and with nothing else: other separators may stand inside of an entry's texts. */
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, 'utf8')) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${getReason(error)}`);
  }
  if (rest !== '') yield rest;
}

type KeySet = Parameters<typeof createAttestationReader>[0];

function parseKeys(text: string, path: string): KeySet {
  try {
    const keys = JSON.parse(text) as KeySet;
    createAttestationReader(keys);
    return keys;
  } catch (error) {
    throw new CommandError(`${path} is not a JWK set: ${getReason(error)}`);
  }
}

/** Findings, one line each. */
export function formatReport(report: BundleReport, usesBundleKeys: boolean): string[] {
  return [
    ...report.problems.map(({ code, message }) => `${code}: ${message}`),
    ...report.unsealed.map(
      (id) => `note: entry ${id} is not sealed yet; only the file's signature protects it`,
    ),
    ...(usesBundleKeys
      ? ['note: verified with the keys in the bundle itself; give --jwks to know whose they are']
      : []),
    `${report.valid ? 'valid' : 'NOT VALID'}: ${report.sealed} sealed and ${report.unsealed.length} unsealed entries of ${report.organizationId ?? 'an unknown organization'}; problems: ${report.problems.length}`,
  ];
}

/** Verifies a bundle without network or database. @returns the exit code: 0 when nothing is wrong with it */
export async function verifyAuditBundle(args: string[], writeLine: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { jwks: { type: 'string' }, checkpoint: { type: 'string', multiple: true, default: [] } },
  });
  const [path] = positionals;
  if (!path || positionals.length !== 1) throw new CommandError(USAGE);
  const trustedKeys =
    values.jwks === undefined ? undefined : parseKeys(await readText(values.jwks), values.jwks);
  const checkpoints = await Promise.all(values.checkpoint.map(readText));
  const report = await verifyBundle(readLines(path), {
    createReader: (jwks) => createAttestationReader(trustedKeys ?? jwks).read,
    checkpoints,
  });
  for (const line of formatReport(report, trustedKeys === undefined)) writeLine(line);
  return report.valid ? 0 : 1;
}

if (import.meta.main)
  await runCommand('audit:verify', async () => {
    process.exitCode = await verifyAuditBundle(process.argv.slice(2), console.log);
  });
