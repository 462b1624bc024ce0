import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../../src/kernel/core/index.ts';
import { routes } from '../../../workers/http.ts';
import { createTestApp, type TestApp, type TestResponse } from '../../support/app.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const policyOf = ({ headers }: TestResponse) => headers.get('content-security-policy')!;
const linksOf = (page: string) => [...page.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, link]) => link!);

describe('the API root', () => {
  it('gives programs the addresses of the API and its documentation', async () => {
    for (const accept of [undefined, '*/*', 'application/json']) {
      const { status, body } = await app.send('GET', '/', accept ? { headers: { accept } } : {});
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: 'AuraLink',
        documentationUrl: `${app.services.config.PUBLIC_URL}/docs`,
      });
      for (const url of Object.values(body as Record<string, string>).filter((each) => each.includes('json')))
        expect((await app.send('GET', new URL(url).pathname)).status).toBe(200);
    }
  });

  it('sends browsers to the API reference', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const response = await app.send('GET', '/', { headers: { accept } });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs']);
    expect(response.headers.get('vary')).toContain('Accept');
  });
});

describe('the API reference', () => {
  it('runs no script but our own file, and loads and sends nothing elsewhere', async () => {
    const docs = await app.send('GET', '/docs');
    expect(docs.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = policyOf(docs);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${new URL(app.services.config.PUBLIC_URL).origin};`);
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|\*|data:(?!;)/);
    expect(docs.body).not.toMatch(/<script(?! type="module" src="\/)|\son\w+="|<style|<iframe/);
    expect(linksOf(docs.body).filter((link) => !/^\/(?!\/)/.test(link))).toEqual([]);
  });

  it('permits inserted styles by a nonce that is new for each response', async () => {
    const responses = await Promise.all([app.send('GET', '/docs'), app.send('GET', '/docs')]);
    const nonces = responses.map((response) => {
      const nonce = /property="csp-nonce" content="([\w-]{22})"/.exec(response.body)?.[1];
      expect(policyOf(response)).toContain(`style-src-elem 'self' 'nonce-${nonce}'`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('lists every operation, and leads to the document and the errors, without JavaScript', async () => {
    const { body } = await app.send('GET', '/docs');
    const noscript = /<noscript>([\s\S]*?)<\/noscript>/.exec(body)![1]!;
    expect(linksOf(noscript)).toEqual(['/openapi.json', '/errors']);
    for (const { method, path, summary } of routes)
      expect(noscript).toContain(
        `<code>${method.toUpperCase()} ${path}</code> ${summary.replaceAll("'", '&#39;')}`,
      );
  });
});

/** Every id of a page. */
const idsOf = (page: string) => [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);

describe.each(['/errors', '/errors/request.invalid', '/errors/organizations.slug_taken'])(
  'the page %s',
  (path) => {
    let page: TestResponse;
    beforeAll(async () => {
      page = await app.send('GET', path);
    });

    it('has unique ids', () => {
      const ids = idsOf(page.body);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    });

    it('runs no script and loads nothing: its policy permits only its own style, by hash', () => {
      const style = /<style>([\s\S]*?)<\/style>/.exec(page.body)![1]!;
      const hash = createHash('sha256').update(style).digest('base64');
      expect(policyOf(page)).toContain("default-src 'none'");
      expect(policyOf(page)).toContain(`style-src 'sha256-${hash}'`);
      expect(policyOf(page)).not.toMatch(/unsafe|script-src|\*/);
      expect(page.body).not.toMatch(
        /<script|<img|<iframe|<form|\sstyle="|\son\w+="|javascript:|@import|url\(/i,
      );
      expect(linksOf(page.body).filter((link) => /^(https?:)?\/\//.test(link))).toEqual([]);
    });

    it('is a page for everyone: language, title, landmark, one first heading, headers of tables', () => {
      expect(page.body).toMatch(/^<!doctype html>\s*<html lang="en">/);
      expect(page.body).toMatch(/<title>[^<]+<\/title>/);
      expect(page.body).toContain('<main id="content">');
      expect(page.body.match(/<h1[ >]/g)).toHaveLength(1);
      expect(page.body).toContain('href="#content"');
      expect(page.body).not.toMatch(/<th>/);
    });

    it('is well-formed: every element that is opened is closed in its turn', () => {
      const open: string[] = [];
      for (const [, close, name] of page.body.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*)?>/g)) {
        if (['meta', 'br', 'wbr'].includes(name ?? '')) continue;
        if (close) expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
    });
  },
);

describe('the OpenAPI document', () => {
  it('contains the error catalogue and our extensions', async () => {
    const { body } = await app.send('GET', '/openapi.json');
    expect(body['x-error-catalogue']).toEqual(errorCatalogue());
    const operation = body.paths['/api/v1/organizations/{organizationId}'].patch;
    expect(operation).toMatchObject({
      'x-access': { kind: 'permission', permission: 'organizations:write' },
      'x-limit': 'api',
      'x-time-limit-seconds': 15,
      'x-body-limit-bytes': 65_536,
    });
    expect(operation['x-errors']).toContain('organizations.slug_taken');
  });

  it.each(['/openapi.json', '/errors', '/errors/request.invalid'])(
    '%s is answered with 304 to callers with a current copy',
    async (path) => {
      const first = await app.send('GET', path);
      const etag = first.headers.get('etag')!;
      expect(first.headers.get('cache-control')).toBe('public, max-age=300');
      const again = await app.send('GET', path, { headers: { 'if-none-match': `"other", W/${etag}` } });
      expect(again.status).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
      expect((await app.send('GET', path, { headers: { 'if-none-match': '*' } })).status).toBe(304);
      expect((await app.send('GET', path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    },
  );
});

describe('the error catalogue', () => {
  it('has a page for every code, at the path that problems name', async () => {
    const { body } = await app.send('GET', '/errors');
    for (const { code, title } of errorCatalogue()) {
      expect(body).toContain(`href="/errors/${code}"`);
      const page = await app.send('GET', `/errors/${code}`);
      expect(page.status).toBe(200);
      expect(page.body).toContain(`<h1><code>${code}</code></h1>`);
      expect(page.body).toContain(title.replaceAll("'", '&#39;'));
    }
    const problem = await app.send('GET', '/api/v1/organizations');
    expect((await app.send('GET', problem.body.type)).status).toBe(200);
  });

  it('answers 404 for any other code, without repeating it', async () => {
    const unknown = await app.send('GET', '/errors/rooms.on_fire');
    expect(unknown.status).toBe(404);
    expect(unknown.body.code).toBe('errors.unknown_code');
    const hostile = await app.send('GET', '/errors/%3Cscript%3Ealert(1)%3C%2Fscript%3E');
    expect(hostile.status).toBe(400);
    expect(hostile.headers.get('content-type')).toBe('application/problem+json');
  });
});
