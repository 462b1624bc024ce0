import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPages } from '../../../workers/local/pages.ts';

/** A checkout without built files: the sources and packages of this one. */
let root: string;
const served = (path: string) => readFile(join(root, 'dist/pages', path));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'auralink-pages-'));
  await cp('workers/pages', join(root, 'workers/pages'), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  await buildPages(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Files = Record<'script' | 'style' | 'icon', string>;
interface Manifest {
  join: Files;
  docs: Files & { scalar: string };
}
const readManifest = async () => JSON.parse((await served('pages.json')).toString()) as Manifest;

it('a checkout without built files builds the pages, and pages.json names the served files', async () => {
  const { join: joinPage, docs } = await readManifest();
  expect(Object.keys(joinPage).toSorted()).toEqual(['icon', 'script', 'style']);
  expect(Object.keys(docs).toSorted()).toEqual(['icon', 'scalar', 'script', 'style']);
  for (const path of [...Object.values(joinPage), ...Object.values(docs)]) {
    expect(path).toMatch(/^\/assets\/(join|docs)-\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
    expect((await served(path)).length).toBeGreaterThan(100);
  }
});

it('files named by their content are cached forever and have security headers', async () => {
  const headers = (await served('_headers')).toString();
  for (const line of [
    'Cache-Control: public, max-age=31536000, immutable',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    'Strict-Transport-Security: ',
  ])
    expect(headers.split('/pages.json')[0]).toContain(line);
});

it('the files of the first step are small; the call and the media client are files of their own', async () => {
  const { script, style } = (await readManifest()).join;
  const size = async (path: string) => gzipSync(await served(path)).length;
  expect((await size(script)) + (await size(style))).toBeLessThan(15_000);
  const names = await readdir(join(root, 'dist/pages/assets'));
  for (const [part, most] of [
    ['media', 180_000],
    ['call', 15_000],
  ] as const) {
    const found = names.filter((name) => name.startsWith(`${part}-`));
    expect(found).toHaveLength(1);
    expect(await size(`assets/${found[0]}`)).toBeLessThan(most);
  }
});

it('Scalar is one file below 1.5 MB after gzip that turns no text into code and names no source map', async () => {
  const { scalar } = (await readManifest()).docs;
  const content = (await served(scalar)).toString();
  expect(content).toContain('createApiReference');
  expect(content).not.toMatch(/sourceMappingURL|new Function\(/);
  expect(gzipSync(content).length).toBeLessThan(1_500_000);
});

it('no script of our own turns text into code or markup', async () => {
  const names = await readdir(join(root, 'dist/pages/assets'));
  for (const name of names.filter((each) => /^(?!docs-scalar-).*\.js$/.test(each)))
    expect((await served(`assets/${name}`)).toString()).not.toMatch(
      /\beval\(|new Function\(|\.innerHTML|insertAdjacentHTML|document\.write/,
    );
});

it('building again changes nothing and removes old files', async () => {
  const folder = join(root, 'dist/pages/assets');
  const before = (await readdir(folder)).toSorted();
  await promisify(execFile)('touch', [join(folder, 'join-main-OLD.js')]);
  const { scalar } = (await readManifest()).docs;
  const { mtimeMs } = await stat(join(root, 'dist/pages', scalar));
  await buildPages(root);
  expect((await readdir(folder)).toSorted()).toEqual(before);
  expect((await stat(join(root, 'dist/pages', scalar))).mtimeMs).toBe(mtimeMs);
  expect((await readdir(join(root, 'dist'))).toSorted()).toEqual(['pages']);
});

it('a change of a script replaces its file', async () => {
  const before = (await readManifest()).docs.script;
  await appendFile(join(root, 'workers/pages/docs/main.ts'), 'export const changed = true;\n');
  await buildPages(root);
  const after = (await readManifest()).docs.script;
  expect(after).not.toBe(before);
  const names = await readdir(join(root, 'dist/pages/assets'));
  expect(names).toContain(basename(after));
  expect(names).not.toContain(basename(before));
});
