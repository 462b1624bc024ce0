/** Bundles the browser's side of the pages into `dist/pages`, which wrangler serves: `[build]` of `wrangler.toml`. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile, type OutputFile } from 'esbuild';
import { runCommand } from './command-error.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What the server's side of a page names; each is found by its source. */
const ENTRIES = { script: 'main.ts', style: 'style.css', icon: 'icon.svg' } as const;

/** Named by their content, so they never change; nothing but the page that asks for them may use them. */
const HEADERS = `/assets/*
  Cache-Control: public, max-age=31536000, immutable
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Resource-Policy: same-origin
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
  Strict-Transport-Security: max-age=63072000; includeSubDomains
/pages.json
  Cache-Control: no-store
  X-Content-Type-Options: nosniff
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
  Strict-Transport-Security: max-age=63072000; includeSubDomains
`;

function bundlePages(root: string, folder: string) {
  const source = join(root, 'workers/pages/join');
  return build({
    absWorkingDir: root,
    entryPoints: Object.values(ENTRIES).map((name) => join(source, name)),
    outdir: join(folder, 'assets'),
    entryNames: 'join-[name]-[hash]',
    chunkNames: 'join-[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    // The media client is loaded while people still type their name.
    splitting: true,
    format: 'esm',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
}

/** Where each entry is served. */
function listAssetAddresses({ outputs }: Metafile): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ENTRIES).map(([name, source]) => {
      const found = Object.entries(outputs).find(([, { entryPoint, inputs }]) =>
        [entryPoint, ...Object.keys(inputs)].some((path) => path === `workers/pages/join/${source}`),
      );
      if (!found) throw new Error(`the bundle has no ${source}`);
      return [name, `/assets/${basename(found[0])}`];
    }),
  );
}

/** Writes what is not there yet, whole or not at all: others may be serving the same folder, and see no drafts there. */
async function writeIfChanged(drafts: string, path: string, content: Uint8Array | string): Promise<void> {
  const bytes = Buffer.from(content);
  const existing = existsSync(path) ? await readFile(path) : undefined;
  if (existing?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = join(drafts, `.${basename(path)}.${process.pid}`);
  await writeFile(draft, bytes);
  await rename(draft, path);
}

async function removeStaleFiles(folder: string, keptFiles: readonly OutputFile[]): Promise<void> {
  const names = new Set(keptFiles.map(({ path }) => basename(path)));
  for (const name of await readdir(folder))
    if (!names.has(name)) await rm(join(folder, name), { force: true });
}

/** Bundles the pages of a checkout. @throws Error with what the bundler says */
export async function buildPages(root: string = ROOT): Promise<void> {
  const folder = join(root, 'dist/pages');
  const { outputFiles, metafile } = await bundlePages(root, folder);
  const write = (path: string, content: Uint8Array | string) =>
    writeIfChanged(join(root, 'dist'), path, content);
  for (const { path, contents } of outputFiles) await write(path, contents);
  await write(join(folder, '_headers'), HEADERS);
  await write(join(folder, 'pages.json'), JSON.stringify(listAssetAddresses(metafile)));
  await removeStaleFiles(join(folder, 'assets'), outputFiles);
}

if (import.meta.main) await runCommand('pages', () => buildPages());
