import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Findings, Product } from './drivers/findings.ts';
import { runPython } from './generate-clients.ts';

const run = promisify(execFile);

/** Compiles the generated clients and their drivers. @throws with what the compiler says */
export async function compileClients(folder: string): Promise<void> {
  const compiler = join(import.meta.dirname, '../../node_modules/.bin/tsc');
  try {
    await run(compiler, ['-p', join(folder, 'tsconfig.json')]);
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout, { cause: error });
  }
}

/** Runs a driver in TypeScript against the product. @param name of its file, without the ending */
export async function driveTypeScript(folder: string, name: string, product: Product): Promise<Findings> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const env = { ...process.env, PRODUCT: JSON.stringify(product) };
  const { stdout } = await run(process.execPath, [outfile], { env });
  return JSON.parse(stdout) as Findings;
}

/** Runs the driver in Python against the product. */
export async function drivePython(folder: string, product: Product): Promise<Findings> {
  const driver = join(folder, 'openapi-python-client.py');
  const { stdout } = await runPython(
    [driver],
    { PRODUCT: JSON.stringify(product) },
    join(folder, 'generated'),
  );
  return JSON.parse(stdout) as Findings;
}
