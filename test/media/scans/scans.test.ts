import { beforeAll, describe, expect, it } from 'vitest';
import { describePlan, PLAN_NAMES } from '../../../src/identity/entitlements/index.ts';
import { MAX_SCAN_BYTES } from '../../../src/media/scans/scan-file.ts';
import type { Scanner } from '../../../src/media/scans/index.ts';
import { createSignatureScanner, ScanTooLong } from '../../../src/media/scans/index.ts';
import { MAX_ATTEMPTS, sweepScans } from '../../../src/media/scans/sweep-scans.ts';
import { sha256Hex } from '../../../src/kernel/core/index.ts';
import { createScanner } from '../../../workers/scanner-client.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';

const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';

let app: TestApp;
let ann: Person;
let ben: Person;
let isDown = false;

const known = createSignatureScanner();
const scanner: Scanner = {
  scan: (body, options) =>
    isDown ? Promise.reject(new Error('the scanner is down')) : known.scan(body, options),
};

beforeAll(async () => {
  app = createTestApp({ scanner });
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const upload = async (content: string) =>
  (await uploadFile(app, ann.token, { content, query: { access: 'organization' } })).body.id as string;
const getStatus = async (id: string) => {
  const { body } = await app.send('GET', `/api/v1/files/${id}`, { token: ann.token });
  return body.scanStatus as string;
};
const download = async (id: string, { token }: Person) =>
  (await app.send('GET', `/api/v1/files/${id}/content`, { token })).status;

describe('a plan', () => {
  it.each(PLAN_NAMES)('%s allows no file that is larger than a scan takes', (plan) => {
    const limit = describePlan(plan).limits.find(({ name }) => name === 'file_bytes')!;
    expect(limit.value).toBeLessThanOrEqual(MAX_SCAN_BYTES);
  });
});

describe('the meter of scans', () => {
  it('counts the bytes of each file that got a verdict, infected or not', async () => {
    const person = await app.person();
    const send = (content: string) => uploadFile(app, person.token, { content });
    const [clean, infected] = [await send('0123456789'), await send(EICAR)];
    await app.drain();
    const rows = await ownerSql(
      `select key, quantity::int, dimensions from usage_events where meter = 'scanned_gigabytes' and organization_id = $1 order by quantity`,
      [person.organizationId],
    );
    expect(rows).toEqual([
      { key: clean.body.id, quantity: 10, dimensions: { file: clean.body.id } },
      { key: infected.body.id, quantity: EICAR.length, dimensions: { file: infected.body.id } },
    ]);
  });
});

describe('a file that was uploaded', () => {
  it('is served to others once it has been found clean', async () => {
    const id = await upload('a clean text');
    expect(await download(id, ben)).toBe(409);
    await app.drain();
    expect([await getStatus(id), await download(id, ben)]).toEqual(['clean', 200]);
  });

  it('is not served when it is infected, wherever the signature is, and the audit log says so', async () => {
    for (const content of [EICAR, `${'a'.repeat(70_000)}${EICAR}${'b'.repeat(70_000)}`]) {
      const id = await upload(content);
      await app.drain();
      expect([await getStatus(id), await download(id, ann), await download(id, ben)]).toEqual([
        'infected',
        403,
        404,
      ]);
      const log = await app.send('GET', '/api/v1/audit/logs?action=file.infected', { token: ann.token });
      expect(JSON.stringify(log.body)).toContain(id);
    }
  });

  it('in several parts gets its checksum with the scan', async () => {
    const content = 'x'.repeat(2_500);
    const { body } = await app.send('POST', '/api/v1/uploads', {
      token: ann.token,
      raw: content,
      headers: {
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-length': '2500',
        'upload-metadata': `filename ${btoa('x.txt')}`,
      },
    });
    const getChecksum = async () =>
      (await app.send('GET', `/api/v1/files/${body.id}`, { token: ann.token })).body.checksum;
    expect(await getChecksum()).toBeNull();
    await app.drain();
    expect(await getChecksum()).toBe(await sha256Hex(content));
  });
});

describe('a scanner that is down', () => {
  it('leaves the file pending, served to its owner only, until it is up again', async () => {
    isDown = true;
    const id = await upload('waits');
    await app.drain();
    expect([await getStatus(id), await download(id, ann), await download(id, ben)]).toEqual([
      'pending',
      200,
      409,
    ]);
    isDown = false;
    await ownerSql(`update files set updated_at = now() - interval '1 hour' where id = $1`, [id]);
    await sweepScans(app.services);
    expect([await getStatus(id), await download(id, ben)]).toEqual(['clean', 200]);
  });

  it('for two days makes a file one that cannot be scanned', async () => {
    isDown = true;
    const id = await upload('waits for long');
    await ownerSql(
      `update files set updated_at = now() - interval '1 hour', scan_attempts = $2 where id = $1`,
      [id, MAX_ATTEMPTS - 2],
    );
    await sweepScans(app.services);
    expect(await getStatus(id)).toBe('pending');
    await sweepScans(app.services);
    expect(await getStatus(id)).toBe('failed');
    isDown = false;
  });
});

describe('a sweep', () => {
  const age = (id: string, sizeBytes: number, attempts = 0) =>
    ownerSql(
      `update files set updated_at = now() - interval '1 hour', size_bytes = $2, scan_attempts = $3 where id = $1`,
      [id, sizeBytes, attempts],
    );
  const attemptsOf = async (id: string) =>
    (await ownerSql<{ scan_attempts: number }>('select scan_attempts from files where id = $1', [id]))[0]!
      .scan_attempts;

  it('counts an attempt before it begins, and takes one large file of an organization', async () => {
    const [small, ...large] = [await upload('small'), await upload('large 1'), await upload('large 2')];
    await age(small, 5);
    for (const id of large) await age(id, 200_000_000);
    const seen: number[] = [];
    const counting: Scanner = {
      async scan(body, options) {
        seen.push(...(await Promise.all([small, ...large].map(attemptsOf))));
        return known.scan(body, options);
      },
    };
    const scannerOfFile = app.services.ports.scanner;
    app.services.ports.scanner = counting;
    await sweepScans(app.services);
    app.services.ports.scanner = scannerOfFile;
    expect(seen.length).toBe(6);
    expect(Math.max(...seen.slice(0, 3))).toBe(1);
    expect([await getStatus(small), ...(await Promise.all(large.map(getStatus)))].toSorted()).toEqual([
      'clean',
      'clean',
      'pending',
    ]);
    for (const id of [small, ...large]) await age(id, 5);
    await sweepScans(app.services);
  });

  it('takes a large file of each organization, and files of all of them however many one has', async () => {
    const other = await app.person();
    const [large, small] = await Promise.all(
      ['large', 'small'].map(
        async (content) =>
          (await uploadFile(app, other.token, { content, query: { access: 'organization' } })).body
            .id as string,
      ),
    );
    await age(large!, 200_000_000);
    await age(small!, 5);
    await age(await upload('large of another'), 200_000_000);
    await ownerSql(
      `insert into files select (jsonb_populate_record(f, jsonb_build_object('id', f.id || n))).*
      from files f, generate_series(1, 300) n where f.id = $1`,
      [await upload('one of many')],
    );
    await ownerSql(
      `update files set updated_at = now() - interval '1 hour' where scan_status = 'pending' and organization_id = $1`,
      [ann.organizationId],
    );
    await sweepScans(app.services);
    const statuses = await ownerSql('select scan_status from files where id = any($1)', [[large, small]]);
    expect(statuses).toEqual([{ scan_status: 'clean' }, { scan_status: 'clean' }]);
    await ownerSql(`update files set scan_status = 'clean' where scan_status = 'pending'`);
  });

  it('scans what takes longer than a delivery has, which is not repeated', async () => {
    const limits: number[] = [];
    const slow: Scanner = {
      async scan(body, options) {
        limits.push(options.timeLimitMs);
        if (options.timeLimitMs < 60_000) throw new ScanTooLong('no verdict yet');
        return known.scan(body, options);
      },
    };
    const scannerOfFile = app.services.ports.scanner;
    app.services.ports.scanner = slow;
    const id = await upload('takes a minute');
    await app.drain();
    app.clock.advanceSeconds(60);
    await app.drain();
    expect([limits, await getStatus(id)]).toEqual([[35_000], 'pending']);
    await age(id, 5);
    await sweepScans(app.services);
    app.services.ports.scanner = scannerOfFile;
    expect([limits.length, await getStatus(id)]).toEqual([2, 'clean']);
  });

  it('gives up a file whose attempts all ended with the process', async () => {
    const id = await upload('ends the process');
    await age(id, 5, MAX_ATTEMPTS);
    await sweepScans(app.services);
    expect(await getStatus(id)).toBe('failed');
  });
});

describe('without a scanner', () => {
  const send = (id: string, query: string) =>
    app.send('GET', `/api/v1/files/${id}/content${query}`, { token: ben.token });

  it.each(['staging', 'production'] as const)(
    'the service in %s runs, because none is configured',
    (ENVIRONMENT) => {
      expect(
        createScanner({ ENVIRONMENT, SCANNER_URL: undefined, SCANNER_SECRET: undefined }),
      ).toBeUndefined();
    },
  );

  it('no file is called clean: those who may read it get it as a download, and its public address has none', async () => {
    const scannerOfFile = app.services.ports.scanner;
    app.services.ports.scanner = undefined;
    const { id } = (await uploadFile(app, ann.token, { content: 'not scanned', query: { access: 'public' } }))
      .body;
    await app.drain();
    app.services.ports.scanner = scannerOfFile;
    expect(await getStatus(id)).toBe('unscanned');
    const shared = await send(id, '?disposition=inline');
    expect([shared.status, shared.headers.get('content-disposition')]).toEqual([
      200,
      expect.stringMatching(/^attachment/),
    ]);
    const open = async () => (await app.send('GET', `/api/v1/public-files/${id}/content`)).status;
    expect(await open()).toBe(404);
    await ownerSql(`update files set updated_at = now() - interval '1 hour' where id = $1`, [id]);
    await sweepScans(app.services);
    expect([await getStatus(id), await open()]).toEqual(['clean', 200]);
  });
});
