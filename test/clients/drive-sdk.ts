import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildTypeScriptSdk } from '../../workers/ops/build-sdk.ts';
import { compileClients, driveTypeScript } from './drive-clients.ts';
import type { Findings, Product } from './drivers/findings.ts';
import { COMPILER_OPTIONS } from './generate-clients.ts';

const run = promisify(execFile);
const DRIVERS = join(import.meta.dirname, 'drivers');
const README = join(import.meta.dirname, '../../workers/sdk/typescript/README.md');

/** Builds and packs the SDK, and installs it into an empty folder. @returns the folder, with the driver of the SDK in it */
export async function installSdk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-sdk-'));
  const packed = await buildTypeScriptSdk(join(folder, 'sdk'));
  const application = join(folder, 'application');
  await mkdir(application);
  await writeFile(join(application, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', [
    'install',
    packed,
    '--prefix',
    application,
    '--offline',
    '--silent',
    '--no-audit',
    '--no-fund',
  ]);
  for (const name of ['sdk.ts', 'findings.ts']) await cp(join(DRIVERS, name), join(application, name));
  const snippets = [...(await readFile(README, 'utf8')).matchAll(/```ts\n([\s\S]*?)```/g)];
  for (const [at, [, code]] of snippets.entries())
    await writeFile(join(application, `snippet-${at + 1}.ts`), code!);
  const { types: _, ...compilerOptions } = COMPILER_OPTIONS;
  const nodeTypes = join(import.meta.dirname, '../../node_modules/@types');
  await writeFile(
    join(application, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots: [nodeTypes], types: ['node'] } }),
  );
  return application;
}

/** The driver and the snippets of the README compile under strict rules. */
export const compileSdkUse = (application: string): Promise<void> => compileClients(application);

export const driveSdk = (application: string, product: Product): Promise<Findings> =>
  driveTypeScript(application, 'sdk', product);

/** Runs a snippet of the README. @returns what it prints */
export async function runSnippet(
  application: string,
  number: number,
  env: Record<string, string>,
): Promise<string> {
  const outfile = join(application, `snippet-${number}.mjs`);
  await build({
    entryPoints: [join(application, `snippet-${number}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const { stdout } = await run(process.execPath, [outfile], { env: { ...process.env, ...env } });
  return stdout;
}

/** Bytes, compressed, of an application that calls one operation. */
export async function measureOneCall(application: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createAuraLink, listRooms } from '@auralink/sdk';
        console.log(await listRooms({ client: createAuraLink({ baseUrl: '', apiKey: '' }) }));`,
      resolveDir: application,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]!.contents).length;
}
