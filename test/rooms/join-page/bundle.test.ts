import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('a checkout without built files builds the pages, and pages.json names the served files', async () => {
  const files = JSON.parse((await served('pages.json')).toString()) as Record<string, string>;
  expect(Object.keys(files).toSorted()).toEqual(['icon', 'script', 'style']);
  for (const path of Object.values(files)) {
    expect(path).toMatch(/^\/assets\/join-\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
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

it('the files of the first step are small, and the media client is a file of its own', async () => {
  const { script, style } = JSON.parse((await served('pages.json')).toString()) as Record<string, string>;
  const size = async (path: string) => gzipSync(await served(path)).length;
  expect((await size(script!)) + (await size(style!))).toBeLessThan(15_000);
  const others = (await readdir(join(root, 'dist/pages/assets'))).filter((name) =>
    name.startsWith('join-media-'),
  );
  expect(others).toHaveLength(1);
  expect(await size(`assets/${others[0]}`)).toBeLessThan(180_000);
});

it('no script turns text into code or markup', async () => {
  const names = await readdir(join(root, 'dist/pages/assets'));
  for (const name of names.filter((each) => each.endsWith('.js')))
    expect((await served(`assets/${name}`)).toString()).not.toMatch(
      /\beval\(|new Function\(|\.innerHTML|insertAdjacentHTML|document\.write/,
    );
});

it('building again changes nothing and removes old files', async () => {
  const folder = join(root, 'dist/pages/assets');
  const before = (await readdir(folder)).toSorted();
  await promisify(execFile)('touch', [join(folder, 'join-main-OLD.js')]);
  await buildPages(root);
  expect((await readdir(folder)).toSorted()).toEqual(before);
  expect((await readdir(join(root, 'dist'))).toSorted()).toEqual(['pages']);
});
