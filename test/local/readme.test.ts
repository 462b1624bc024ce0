import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/kernel/config/index.ts';
import { deriveConfig, readConfig } from '../../workers/ops/environments.ts';

const readme = await readFile('README.md', 'utf8');

describe('the README', () => {
  it('lists every variable and secret with its meaning', () => {
    const rows = Object.entries(configSchema.shape).map(([name, { description = '' }]) => {
      const meaning = description.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`);
      return `| \`${name}\` | ${meaning} |`;
    });
    expect(readme.slice(readme.indexOf('| name | meaning |'))).toBe(
      `| name | meaning |\n|---|---|\n${rows.join('\n')}\n`,
    );
  });

  it('links to the page of every module, and only to files that exist', async () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)|^\[[^\]]+\]: (.+)$/gm)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    for (const link of links) expect((await stat(link)).isFile(), link).toBe(true);
    for (const domain of await readdir('src', { withFileTypes: true })) {
      if (!domain.isDirectory()) continue;
      for (const module of await readdir(`src/${domain.name}`, { withFileTypes: true }))
        if (module.isDirectory()) expect(links).toContain(`src/${domain.name}/${module.name}/README.md`);
    }
  });

  it('leads to a page that names the resources which an environment binds', async () => {
    const page = await readFile('workers/ops/README.md', 'utf8');
    const config = JSON.stringify(deriveConfig(await readConfig('.'), 'production'));
    const production = [...config.matchAll(/"(?:queue|bucket_name)":"([^"]+-production)"/g)].map(
      (match) => match[1],
    );
    expect(production.length).toBeGreaterThan(0);
    for (const name of production) expect(page).toContain(` create ${name}`);
  });
});
