import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../workers/local/child-process.ts';
import { pingClamd } from '../../workers/scanner/clamd.ts';
import { freeTcpPort } from './livekit/server.ts';

/** Where `.ci/clamav install` unpacks ClamAV, with the libraries that it needs. */
const FOLDER = join(homedir(), '.cache/auralink/clamav');
const READY_WITHIN_MS = 60_000;

/** Debian's clamd: installed, or unpacked for tests. Undefined where there is none. */
export const findClamd = (): string | undefined =>
  ['/usr/sbin/clamd', join(FOLDER, 'clamd')].find((file) => existsSync(file));

/** The file that virus scanners are tried with, in two halves: whole it would be found in our sources. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/**
 * A clamd with the settings of the scanner's container, but for `changes`, which knows one virus: the EICAR test file.
 * @throws when there is none, or it does not answer in time
 */
export async function startClamd(changes: Record<string, string>) {
  const command = findClamd();
  if (command === undefined) throw new Error('no clamd: .ci/clamav install');
  const folder = await mkdtemp(join(tmpdir(), 'auralink-clamd-'));
  const [signatures, streams] = [join(folder, 'signatures'), join(folder, 'streams')];
  await mkdir(signatures);
  await mkdir(streams);
  await writeFile(
    join(signatures, 'eicar.ndb'),
    `Eicar-Test-Signature:0:*:${Buffer.from(EICAR).toString('hex')}\n`,
  );
  const address = { host: '127.0.0.1', port: await freeTcpPort() };
  const lines: string[] = [];
  const own = { TCPSocket: `${address.port}`, DatabaseDirectory: signatures, TemporaryDirectory: streams };
  await writeFile(join(folder, 'clamd.conf'), await changedSettings({ ...own, ...changes }));
  const child = startChild({
    name: 'clamd',
    command,
    args: ['--config-file', join(folder, 'clamd.conf')],
    cwd: folder,
    env: { ...process.env, LD_LIBRARY_PATH: FOLDER },
    onLine: (line) => lines.push(line),
  });
  const close = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let reason: string | undefined;
  void child.exited.then((ended) => (reason = ended));
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await pingClamd(address, READY_WITHIN_MS))) {
    if (reason !== undefined || performance.now() > deadline) {
      await close();
      throw new Error(`clamd ${reason ?? 'did not answer'}: ${lines.slice(-5).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  /** Files of streams that it receives or scans. */
  const streamFiles = async () => (await readdir(streams)).length;
  return { address, streamFiles, stop: child.stop, close };
}

/** The settings of the container; clamd runs as the user that the tests run as. */
async function changedSettings(changes: Record<string, string>): Promise<string> {
  const file = join(import.meta.dirname, '../../workers/scanner/clamd.conf');
  const kept = (await readFile(file, 'utf8')).split('\n').filter((line) => {
    const [name = ''] = line.split(' ');
    return name !== 'User' && !(name in changes);
  });
  return [...kept, ...Object.entries(changes).map(([name, value]) => `${name} ${value}`), ''].join('\n');
}
