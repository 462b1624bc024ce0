/** `npm run sdk`: generates the SDK in TypeScript from the OpenAPI document, compiles and packs it: `dist/sdk/auralink-sdk-<version>.tgz`. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildOpenApiDocument } from '../../src/platform/docs/index.ts';
import { routes } from '../http.ts';
import { addIdempotencyKeys } from './sdk-idempotency.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'workers/sdk');
const GENERATOR = join(SOURCES, 'node_modules/@hey-api/openapi-ts/bin/run.js');
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');

/** What applications of any age understand; each file stays one, so that a bundler takes only what is used. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'ESNext',
  moduleResolution: 'bundler',
  types: [],
  strict: true,
  declaration: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'dist',
};

/** A client is always given its address. */
const PLACEHOLDER = 'https://api.auralink.example';

/** Installs the generator, unless it is there. */
async function installGenerator(): Promise<void> {
  if (existsSync(GENERATOR)) return;
  await run('npm', ['ci', '--prefix', SOURCES, '--silent', '--no-audit', '--no-fund']);
}

async function generateOperations(folder: string, document: object): Promise<void> {
  const openapi = join(folder, 'openapi.json');
  const config = join(folder, 'openapi-ts.config.mjs');
  const generated = join(folder, 'src/generated');
  await writeFile(openapi, JSON.stringify(document));
  await writeFile(
    config,
    `export default ${JSON.stringify({
      input: openapi,
      output: { path: generated, importFileExtension: '.js' },
      plugins: [{ name: '@hey-api/client-fetch', throwOnError: true }, '@hey-api/typescript', '@hey-api/sdk'],
    })}`,
  );
  await run(process.execPath, [GENERATOR, '--file', config], { cwd: SOURCES });
  const operations = join(generated, 'sdk.gen.ts');
  await writeFile(operations, addIdempotencyKeys(await readFile(operations, 'utf8'), document));
}

/** @throws Error with what the compiler says */
async function compile(folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['src'] }));
  await run(process.execPath, [COMPILER, '-p', config]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout, { cause: error });
  });
}

/**
 * Builds the SDK in TypeScript.
 * @param folder of the package; it is emptied first
 * @returns path of the packed SDK
 */
export async function buildTypeScriptSdk(folder: string): Promise<string> {
  await installGenerator();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sources = join(SOURCES, 'typescript');
  for (const name of ['package.json', 'README.md']) await cp(join(sources, name), join(folder, name));
  const isSource = (path: string) => path === sources || path.endsWith('.ts');
  await cp(sources, join(folder, 'src'), { recursive: true, filter: isSource });
  await generateOperations(folder, buildOpenApiDocument(routes, PLACEHOLDER));
  await compile(folder);
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', '..'], { cwd: folder });
  return join(folder, '..', stdout.trim());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(await buildTypeScriptSdk(join(ROOT, 'dist/sdk/ts')));
