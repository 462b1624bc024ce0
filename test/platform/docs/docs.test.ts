import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../../src/kernel/core/index.ts';
import { routes } from '../../../workers/http.ts';
import { createTestApp, type TestApp, type TestResponse } from '../../support/app.ts';

let app: TestApp;
let docs: TestResponse;

beforeAll(async () => {
  app = createTestApp();
  docs = await app.send('GET', '/docs');
});

/** Every id and every link into the page. */
const idsOf = (page: string) => [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
const linksOf = (page: string) => [...page.matchAll(/\shref="([^"]+)"/g)].map(([, link]) => link!);

describe('the API reference', () => {
  it('shows every operation with its method, path, permission and error codes', () => {
    expect(docs.status).toBe(200);
    expect(docs.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const ids = idsOf(docs.body);
    for (const route of routes) {
      expect(ids).toContain(route.operationId);
      expect(docs.body).toContain(`<span class="path">${route.path}</span>`);
      if (route.access.kind === 'permission')
        expect(docs.body).toContain(`<code>${route.access.permission}</code>`);
    }
    for (const { code } of errorCatalogue().filter(({ code: each }) => each.startsWith('organizations.')))
      expect(docs.body).toContain(`href="/errors/${code}"`);
  });

  it('has unique ids, and no broken link within the page', () => {
    const ids = idsOf(docs.body);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const inner = linksOf(docs.body).filter((link) => link.startsWith('#'));
    expect(inner.filter((link) => !ids.includes(link.slice(1)))).toEqual([]);
  });

  it('runs no script and loads nothing: its policy permits only its own style sheet, by hash', () => {
    const policy = docs.headers.get('content-security-policy')!;
    const style = /<style>([\s\S]*?)<\/style>/.exec(docs.body)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toMatch(/unsafe|script-src|\*/);
    expect(docs.body).not.toMatch(
      /<script|<img|<iframe|<form|\sstyle="|\son\w+="|javascript:|@import|url\(/i,
    );
    const away = linksOf(docs.body).filter((link) => /^(https?:)?\/\//.test(link));
    expect(away).toEqual([]);
  });

  it('is accessible: language, title, landmarks, one main heading, table headers', () => {
    expect(docs.body).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(docs.body).toMatch(/<title>[^<]+<\/title>/);
    expect(docs.body).toMatch(/<nav aria-label=/);
    expect(docs.body).toContain('<main id="content">');
    expect(docs.body.match(/<h1[ >]/g)).toHaveLength(1);
    expect(docs.body).toContain('href="#content"');
    expect(docs.body).not.toMatch(/<th>/);
  });

  it('is well-formed: every opened element is closed in order', () => {
    const open: string[] = [];
    for (const [, close, name] of docs.body.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*)?>/g)) {
      if (name === 'meta' || name === 'br') continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });
});

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

  it.each(['/openapi.json', '/docs', '/errors', '/errors/request.invalid'])(
    '%s is answered with 304 to callers with a current copy',
    async (path) => {
      const first = await app.send('GET', path);
      const etag = first.headers.get('etag')!;
      expect(first.headers.get('cache-control')).toBe('public, max-age=300');
      const again = await app.send('GET', path, { headers: { 'if-none-match': `"other", W/${etag}` } });
      expect(again.status).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
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
