import { beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../../src/kernel/context/index.ts';
import { createPageFiles } from '../../../workers/page-files.ts';
import { createTestApp, type TestApp, type TestResponse } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';
import { changeCall } from '../../support/calls.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const open = (code: string): Promise<TestResponse> => app.send('GET', `/join/${code}`);
const markupOf = async (code: string): Promise<string> => (await open(code)).body as string;
const headingOf = (markup: string) => /<h1[^>]*>([^<]*)<\/h1>/.exec(markup)?.[1];
const all = (markup: string, pattern: RegExp) => [...markup.matchAll(pattern)].map((match) => match[1]!);

describe('the join page', () => {
  it('has the title, the files and the code, with one database read', async () => {
    const { code } = await world.link({ title: 'Support', description: 'Talk to us.' });
    const before = app.roundTrips();
    const answer = await open(code);
    expect(app.roundTrips() - before).toBe(1);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headingOf(answer.body)).toBe('Support');
    expect(answer.body).toContain('Talk to us.');
    expect(answer.body).toContain(`data-code="${code}"`);
    expect(answer.body).toContain('<script type="module" src="/assets/join.js"></script>');
    expect(answer.body).toContain('<link rel="stylesheet" href="/assets/join.css" />');
  });

  it('has the room’s name as title when the link has none', async () => {
    const { code } = await world.link({}, { name: 'Weekly' });
    expect(headingOf(await markupOf(code))).toBe('Weekly');
  });

  it('says without JavaScript that it needs it', async () => {
    const { code } = await world.link();
    expect(await markupOf(code)).toMatch(/<noscript>[^]*needs JavaScript[^]*<\/noscript>/);
  });

  it('counts as no use of the link', async () => {
    const { code, id } = await world.link();
    await open(code);
    expect((await world.read(id)).body).toMatchObject({ clicks: 0, uniqueVisitors: 0 });
  });

  it('shows neither title nor description of a link with a password', async () => {
    const { code } = await world.link(
      { title: 'Board', description: 'Secret plans', password: 'tulip window' },
      { name: 'Directors' },
    );
    const markup = await markupOf(code);
    expect(markup).not.toMatch(/Board|Secret|Directors/);
    expect(markup).toContain('data-asks-password');
    expect(markup).toContain('type="password"');
    const { code: plain } = await world.link();
    expect(await markupOf(plain)).not.toContain('type="password"');
  });

  it('escapes titles and descriptions', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`;
    const { code } = await world.link({ title: evil, description: evil });
    const markup = await markupOf(code);
    expect(markup).not.toContain('<img');
    expect(all(markup, /<script[^>]*>([^]*?)<\/script>/g)).toEqual(['']);
    expect(markup).toContain('&lt;script&gt;');
  });

  it('lets the script join without a click when the link says so', async () => {
    const { code } = await world.link({ autoJoin: true });
    expect(await markupOf(code)).toContain('data-auto-join');
    expect(await markupOf((await world.link()).code)).not.toContain('data-auto-join');
  });
});

describe('the address of a page', () => {
  const redirectOf = async (path: string) => {
    const answer = await app.send('GET', path);
    return [answer.status, answer.headers.get('location'), answer.body];
  };

  it('is found from what people and mail programs make of it', async () => {
    const { code } = await world.link();
    const [start, end] = [code.slice(0, 4), code.slice(4)];
    const spellings = [
      `${code}//`,
      `${code}/index.html`,
      `${code}%20`,
      `${code}%3E`,
      `%3C${code}%3E`,
      `${code}&gt;`,
      `${code}%E2%80%8B`,
      `${code}%EF%BB%BF`,
      `${start}%20${end}`,
      `${start}-${end}`,
      `${start}%C2%A0${end}`,
      `${start}=%0D%0A${end}`,
      code.toUpperCase(),
      `(${code}).`,
      `${code},`,
      `%22${code}%22`,
      `${code}%E2%80`,
    ];
    for (const spelling of spellings)
      expect([spelling, await redirectOf(`/join/${spelling}`)]).toEqual([
        spelling,
        [302, `/join/${code}`, ''],
      ]);
    for (const path of [`/Join/${code}`, `/JOIN/${code}/`])
      expect(await redirectOf(path)).toEqual([302, `/join/${code}`, '']);
    for (const spelling of [code, `${code}/`]) expect((await open(spelling)).status).toBe(200);
  });

  it('is not looked for where there is no whole code', async () => {
    for (const path of ['x%20', '%3E', '7m3k%209q2x'])
      expect(await open(path)).toMatchObject({ status: 404, body: expect.stringContaining('<h1>') });
  });
});

describe('every error under /join', () => {
  const isPage = async (answer: TestResponse, status: number, heading: string) => {
    expect([answer.status, headingOf(answer.body)]).toEqual([status, heading]);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).not.toContain('<script');
  };

  it('is a page where there is no route, no such method, or a path too long', async () => {
    for (const path of ['/join', '/join/', '/join/x/y', '/join/%', '/join/%E2%80'])
      await isPage(await app.send('GET', path), 404, 'This link does not exist');
    await isPage(await app.send('GET', `/join/${'x'.repeat(501)}`), 400, 'This link does not exist');
    const posted = await app.send('POST', `/join/${(await world.link()).code}`);
    await isPage(posted, 405, 'This link does not exist');
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
  });

  it('is a page with the time to wait when there are too many requests', async () => {
    const limiter: Ports['limiter'] = {
      take: (_subject, rule) => ({ admitted: false, rule, remaining: 0, resetSeconds: 7 }),
    };
    const answer = await createTestApp({ limiter }).send('GET', '/join/000000000000');
    await isPage(answer, 429, 'Too many requests');
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('is a page with a number for the support when the fault is ours', async () => {
    app.services.database.read = () => Promise.reject(new Error('secret'));
    const answer = await open('000000000000');
    await isPage(answer, 500, 'This link cannot be opened');
    expect(answer.body).toContain(answer.headers.get('x-request-id')!);
    expect(answer.body).not.toContain('secret');
  });
});

describe('a link that cannot be used', () => {
  const says = async (code: string, status: number, heading: string) => {
    const answer = await open(code);
    expect([answer.status, headingOf(answer.body)]).toEqual([status, heading]);
    expect(answer.body).not.toContain('<script');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    return answer.body as string;
  };

  it('gets a page that says why', async () => {
    await says('000000000000', 404, 'This link does not exist');
    await says('x', 404, 'This link does not exist');
    await says((await world.link({ isActive: false })).code, 403, 'This link is turned off');
    const short = await world.link({ expiresInSeconds: 60 });
    const once = await world.link({ maxUses: 1 });
    await world.join(once.code);
    app.clock.advanceSeconds(60);
    await says(short.code, 403, 'This link has expired');
    await says(once.code, 403, 'This link has reached its limit');
  });

  it('gets a page that says that the room or the call has ended', async () => {
    const { code, roomId } = await world.link();
    const { callId } = (await world.join(code)).body;
    const call = await world.link({ callId });
    await changeCall(world.app, callId, { status: 'ended' });
    await says(call.code, 403, 'The call has ended');
    await ownerSql(`update rooms set status = 'ended' where id = $1`, [roomId]);
    await says(code, 409, 'The call has ended');
  });

  it('links to the sign-in page only when it is for members', async () => {
    const { code } = await world.link({ access: 'restricted', title: 'Board' });
    const markup = await says(code, 403, 'This call is for members');
    expect(markup).toContain('href="https://app.auralink.test"');
    expect(markup).not.toContain('Board');
  });
});

describe('the content security policy of the page', () => {
  const policyOf = async (): Promise<Record<string, string>> => {
    const { headers } = await open((await world.link()).code);
    const rules = headers.get('content-security-policy')!.split('; ');
    return Object.fromEntries(
      rules.map((rule) => [rule.split(' ', 1)[0]!, rule.slice(rule.indexOf(' ') + 1)]),
    );
  };

  it('allows this API, the media cluster and the page’s own script', async () => {
    expect(await policyOf()).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'media-src': 'blob: mediastream:',
      'connect-src':
        "'self' ws://auralink.test http://auralink.test wss://media.auralink.test https://media.auralink.test",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
  });

  it('needs no exception: the page has nothing inline', async () => {
    const markup = await markupOf((await world.link()).code);
    expect(markup).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(all(markup, /<script[^>]*>([^]*?)<\/script>/g)).toEqual(['']);
    expect(all(markup, /\s(?:src|href)="([^"#]+)"/g).filter((url) => !url.startsWith('/assets/'))).toEqual(
      [],
    );
  });

  it('comes with no referrer, no cache, no indexing and no framing', async () => {
    const { headers } = await open((await world.link()).code);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toMatch(/camera=\(self\), microphone=\(self\)/);
  });
});

describe('accessibility of the page', () => {
  it('labels each field, names each button, and uses each id once', async () => {
    const markup = await markupOf((await world.link({ password: 'tulip' })).code);
    const ids = all(markup, /\sid="([^"]+)"/g);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    for (const reference of all(
      markup,
      /\s(?:for|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"/g,
    ))
      expect(ids).toContain(reference);
    const labelled = new Set(all(markup, /<label[^>]*\sfor="([^"]+)"/g));
    const wrapped = all(markup, /<label[^>]*>[^]*?<(?:input|meter)[^>]*\sid="([^"]+)"[^]*?<\/label>/g);
    const named = [...labelled, ...wrapped];
    const outsideLabels = markup.replaceAll(/<label[^>]*>[^]*?<\/label>/g, '');
    for (const [tag] of outsideLabels.matchAll(/<(?:input|select|textarea|meter)\b(?![^>]*\sid=)[^>]*>/g))
      expect(tag).toContain('aria-hidden="true"');
    for (const [tag] of markup.matchAll(/<(?:input|select|textarea|meter)\b[^>]*\sid=[^>]*>/g))
      expect(tag.includes('aria-label=') || named.includes(/\sid="([^"]+)"/.exec(tag)![1]!), tag).toBe(true);
    const buttons = all(markup, /<button[^>]*>([^]*?)<\/button>/g);
    expect(buttons.filter((inner) => inner.replaceAll(/<[^>]*>/g, '').trim() === '')).toEqual([]);
  });

  it('announces changes of lobby, chat, captions, connection and errors', async () => {
    const markup = await markupOf((await world.link()).code);
    for (const [id, role] of [
      ['problem', 'alert'],
      ['lobby-note', 'status'],
      ['call-note', 'status'],
      ['devices-note', 'status'],
      ['messages', 'log'],
      ['caption-lines', 'log'],
    ])
      expect(markup).toMatch(new RegExp(`id="${id}"[^>]*role="${role}"|role="${role}"[^>]*id="${id}"`));
  });

  it('has a language, one main landmark, one first heading and a skip link', async () => {
    const markup = await markupOf((await world.link()).code);
    expect(markup).toContain('<html lang="en">');
    expect(all(markup, /(<main\b)/g)).toHaveLength(1);
    expect(all(markup, /(<h1\b)/g)).toHaveLength(1);
    expect(markup).toMatch(/<a class="skip" href="#main">/);
  });
});

describe('the files of the page', () => {
  const files = { script: '/assets/a.js', style: '/assets/a.css', icon: '/assets/a.svg' };
  const assets = (answer: () => Promise<Response>) => ({ fetch: answer }) as unknown as Fetcher;

  it('are read once', async () => {
    let asked = 0;
    const docs = { ...files, script: '/assets/b.js', scalar: '/assets/c.js' };
    const manifest = { join: files, playback: files, 'shared-file': files, docs };
    const { pages, referencePages } = createPageFiles(assets(async () => (asked++, Response.json(manifest))));
    expect([await pages.files('join'), await referencePages.files()]).toEqual([files, docs]);
    expect(asked).toBe(1);
  });

  it('cause an error when they cannot be read, and are then read again', async () => {
    const { code } = await world.link();
    const answers = [
      new Response('gone', { status: 404 }),
      new Response('gone', { status: 404 }),
      Response.json({
        join: files,
        playback: files,
        'shared-file': files,
        docs: { ...files, scalar: '/c.js' },
      }),
    ];
    app.services.ports.pages = createPageFiles(assets(async () => answers.shift()!)).pages;
    const plain = await open(code);
    expect([plain.status, headingOf(plain.body)]).toEqual([503, 'This link cannot be opened']);
    expect(plain.body).not.toMatch(/<link|<script/);
    expect(await open(code)).toMatchObject({ status: 200 });
  });
});
