import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path) && !path.includes('__snapshots__/'));

/** The anchors that a page's headings have: in lower case, without punctuation, words joined by hyphens. */
const listAnchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links to files, without those in code. */
const listLinks = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map((match) => match[1] ?? match[2]!)
    .filter((link) => !/^[a-z]+:/.test(link));

it('every link of every page leads to a file, and to a heading, that exist', () => {
  const dead = pages.flatMap((page) =>
    listLinks(readFileSync(page, 'utf8')).flatMap((link) => {
      const [path, anchor] = link.split('#') as [string, string?];
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(target)) return [`${page} -> ${link}`];
      const isMissing = anchor !== undefined && !listAnchors(readFileSync(target, 'utf8')).includes(anchor);
      return isMissing ? [`${page} -> ${link}`] : [];
    }),
  );
  expect(dead).toEqual([]);
});
