import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = import.meta.dirname;
const PACKAGES = join(HERE, 'node_modules');
/** Where `.ci/client-generators` installs the Python packages. */
export const PYTHON_PACKAGES = join(homedir(), '.cache/auralink/python/clients');

/** What is missing to generate clients; undefined when nothing is. */
export function findMissingGenerators(): string | undefined {
  if (existsSync(join(PACKAGES, 'orval')) && existsSync(join(PYTHON_PACKAGES, 'openapi_python_client')))
    return undefined;
  return 'the generators of clients are not installed: .ci/client-generators';
}

const runPackage = (script: string, args: string[]) =>
  run(process.execPath, [join(PACKAGES, script), ...args], { cwd: HERE });

/** Compiles the clients as strictly as an application would, with what the generators wrote. */
export const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'ESNext',
  moduleResolution: 'bundler',
  types: ['node'],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

/**
 * Generates a client with each generator from the same document, and puts the drivers beside them.
 * @param folder within this one, so that the clients find their packages; it is emptied first
 */
export async function generateClients(document: object, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const generated = join(folder, 'generated');
  await mkdir(generated, { recursive: true });
  const openapi = join(folder, 'openapi.json');
  await writeFile(openapi, JSON.stringify(document));
  // The driver of the SDK compiles where the SDK is installed.
  const exclude = ['sdk.ts'];
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, exclude }),
  );
  await writeFile(
    join(folder, 'orval.config.mjs'),
    `export default ${JSON.stringify({
      auralink: { input: openapi, output: { target: join(generated, 'orval.ts'), client: 'fetch' } },
    })}`,
  );
  await writeFile(
    join(folder, 'python.json'),
    JSON.stringify({
      post_hooks: [],
      // The parts of a resumable upload are bytes, under the name that its protocol gives them.
      content_type_overrides: Object.fromEntries(
        [
          'application/offset+octet-stream',
          'image/webp',
          'image/avif',
          'text/event-stream',
          ...['mpeg', 'ogg', 'wav', 'flac', 'aac', 'pcm'].map((format) => `audio/${format}`),
        ].map((type) => [type, 'application/octet-stream']),
      ),
    }),
  );
  await Promise.all([
    cp(join(HERE, 'drivers'), folder, { recursive: true }),
    runPackage('openapi-typescript/bin/cli.js', [
      openapi,
      '--output',
      join(generated, 'openapi-typescript.d.ts'),
    ]),
    runPackage('orval/dist/bin/orval.mjs', ['--config', join(folder, 'orval.config.mjs')]),
    runPython([
      '-m',
      'openapi_python_client',
      'generate',
      `--path=${openapi}`,
      '--meta=none',
      `--config=${join(folder, 'python.json')}`,
      '--fail-on-warning',
      `--output-path=${join(generated, 'auralink_client')}`,
    ]),
  ]);
}

/** Runs Python with the packages of the generator and, beside them, what it generated. */
export function runPython(args: string[], env: Record<string, string> = {}, path = '') {
  return run('python3', args, {
    env: { ...process.env, ...env, PYTHONPATH: `${PYTHON_PACKAGES}:${path}`, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
}
