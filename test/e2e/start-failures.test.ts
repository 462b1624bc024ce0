import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './support/launch.ts';
import { createOwnProduct, type OwnProduct, readErrorLines } from './support/own-product.ts';

const run = promisify(execFile);

let own: OwnProduct;
beforeEach(async () => {
  own = await createOwnProduct();
});
afterEach(() => own.close());

describe('npm start ends with one clear line', () => {
  it('when a secret is too weak', async () => {
    await writeFile(join(own.dir, 'secrets.json'), JSON.stringify({ HASH_PEPPER: 'short' }));
    const product = own.start();
    expect(await readErrorLines(product)).toEqual([
      'auralink: configuration is not valid: HASH_PEPPER: must be at least 32 random bytes in base64url',
    ]);
  });

  it('when a migration is broken', async () => {
    const copy = join(own.dir, 'checkout');
    await mkdir(copy);
    for (const name of ['src', 'workers', 'durable-objects', 'migrations', 'package.json', 'wrangler.toml'])
      await cp(join(ROOT, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.endsWith('node_modules'),
      });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(copy, 'migrations/0001_tenant_policies.sql'), 'select * from nowhere;');
    const product = own.start({ root: copy });
    expect(await readErrorLines(product)).toEqual([
      'auralink: migration 0001_tenant_policies failed: relation "nowhere" does not exist; nothing was applied',
    ]);
  });

  it('when the database cannot be reached', async () => {
    const product = own.start({
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
    });
    expect(await readErrorLines(product)).toEqual([
      expect.stringMatching(/the database that DATABASE_URL names cannot be opened: .*ECONNREFUSED/),
    ]);
  });

  it('when PORT or an option is wrong', async () => {
    const wrongPort = own.start({ env: { PORT: 'http' } });
    expect(await readErrorLines(wrongPort)).toEqual([expect.stringMatching(/PORT must be a number/)]);
    const option = own.start({ args: ['--frehs'] });
    expect(await readErrorLines(option)).toEqual([expect.stringMatching(/Unknown option '--frehs'/)]);
  });

  it('when Node is too old', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } });`;
    const file = join(own.dir, 'old-node.cjs');
    await writeFile(file, old);
    const failure = await run(process.execPath, [
      '-r',
      file,
      '-r',
      join(ROOT, 'workers/local/require-node.cjs'),
      '-e',
      '',
    ])
      .then(() => undefined)
      .catch((error: { stderr: string }) => error.stderr);
    expect(failure).toMatch(/^auralink: needs Node 24 or later, .*\n$/);
  });
});
