/** Bundles the browser's side of the pages into `dist/pages`, which wrangler serves: `[build]` of `wrangler.toml`. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { runCommand } from './command-error.ts';
import { readScalarScript } from './scalar-script.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The files of each page that its HTML names, by their role; their sources are in `workers/pages/<page>`. */
const ENTRIES = {
  join: { script: 'main.ts', style: 'style.css', icon: 'icon.svg' },
  playback: { script: 'main.ts', style: 'style.css' },
  'shared-file': { script: 'main.ts', style: 'style.css' },
  docs: { script: 'main.ts', style: 'style.css' },
} as const;

/** Named by their content, so they never change; only our own pages may use them. */
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

const sourceOf = (page: string, file: string) => `workers/pages/${page}/${file}`;

/** The sources of all pages, each under the name of its bundled file: `join-main`. */
function listEntryPoints(root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ENTRIES).flatMap(([page, files]) =>
      Object.values(files).map((file) => [`${page}-${parse(file).name}`, join(root, sourceOf(page, file))]),
    ),
  );
}

function bundlePages(root: string, folder: string) {
  return build({
    absWorkingDir: root,
    entryPoints: listEntryPoints(root),
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
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

/** Where each entry of a page is served. */
function listAddresses<Page extends keyof typeof ENTRIES>(
  page: Page,
  { outputs }: Metafile,
): Record<keyof (typeof ENTRIES)[Page], string> {
  const addresses = Object.entries(ENTRIES[page]).map(([role, file]) => {
    const source = sourceOf(page, file);
    const found = Object.entries(outputs).find(([, { entryPoint, inputs }]) =>
      [entryPoint, ...Object.keys(inputs)].includes(source),
    );
    if (!found) throw new Error(`the bundle has no ${source}`);
    return [role, `/assets/${basename(found[0])}`] as const;
  });
  return Object.fromEntries(addresses) as Record<keyof (typeof ENTRIES)[Page], string>;
}

function nameScalarFile(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex');
  return `docs-scalar-${hash.slice(0, 8).toUpperCase()}.js`;
}

/** Writes missing files, whole or not at all: others may be serving the same folder, and see no drafts there. */
async function writeIfChanged(drafts: string, path: string, content: Uint8Array | string): Promise<void> {
  const bytes = Buffer.from(content);
  const existing = existsSync(path) ? await readFile(path) : undefined;
  if (existing?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = join(drafts, `.${basename(path)}.${process.pid}`);
  await writeFile(draft, bytes);
  await rename(draft, path);
}

async function removeStaleFiles(folder: string, keptNames: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder))
    if (!keptNames.has(name)) await rm(join(folder, name), { force: true });
}

/** Bundles the pages of a checkout. @throws Error with what the bundler says */
export async function buildPages(root: string = ROOT): Promise<void> {
  const folder = join(root, 'dist/pages');
  const assets = join(folder, 'assets');
  const write = (path: string, content: Uint8Array | string) =>
    writeIfChanged(join(root, 'dist'), path, content);
  const { outputFiles, metafile } = await bundlePages(root, assets);
  const scalarScript = readScalarScript();
  const scalarName = nameScalarFile(scalarScript);
  for (const { path, contents } of outputFiles) await write(path, contents);
  await write(join(assets, scalarName), scalarScript);
  const joinPage = listAddresses('join', metafile);
  const { icon } = joinPage;
  const manifest = {
    join: joinPage,
    playback: { ...listAddresses('playback', metafile), icon },
    'shared-file': { ...listAddresses('shared-file', metafile), icon },
    docs: { ...listAddresses('docs', metafile), icon, scalar: `/assets/${scalarName}` },
  };
  await write(join(folder, '_headers'), HEADERS);
  await write(join(folder, 'pages.json'), JSON.stringify(manifest));
  await removeStaleFiles(assets, new Set([scalarName, ...outputFiles.map(({ path }) => basename(path))]));
}

if (import.meta.main) await runCommand('pages', () => buildPages());
