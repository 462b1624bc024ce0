import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/kernel/core/index.ts';
import {
  createHttpMailer,
  MailRefused,
  MailUnavailable,
  renderMail,
  toDisplayText,
} from '../../../src/platform/mail/index.ts';
import { TestClock } from '../../support/app.ts';

interface Received {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

let provider: Server;
let url: string;
let received: Received[];
let answer: number | 'hang' | 'reset';

beforeEach(async () => {
  received = [];
  answer = 200;
  provider = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, body: JSON.parse(text) });
      if (answer === 'reset') request.socket.destroy();
      else if (answer !== 'hang') response.writeHead(answer, { location: url }).end('{"secret":"upstream"}');
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterEach(() => {
  provider.closeAllConnections();
  provider.close();
});

const mail = {
  to: 'ann@auralink.test',
  subject: 'Hello',
  text: 'Hi',
  html: '<p>Hi</p>',
  idempotencyKey: 'evt_1',
};
const mailer = (clock = new TestClock()) =>
  createHttpMailer({ url, apiKey: 'the-key', from: 'AuraLink <a@b.test>', clock, timeLimitMs: 2_000 });
const failure = (work: Promise<void>) => work.then(() => undefined).catch((error: unknown) => error);

describe('sending a mail', () => {
  it('posts it once, with the credential and the idempotency key', async () => {
    await mailer().send(mail);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: '/emails',
      headers: {
        authorization: 'Bearer the-key',
        'idempotency-key': 'evt_1',
        'content-type': 'application/json',
      },
      body: { from: 'AuraLink <a@b.test>', to: mail.to, subject: 'Hello', text: 'Hi', html: '<p>Hi</p>' },
    });
  });

  it.each([400, 401, 403, 422])('is refused for good on status %i', async (status) => {
    answer = status;
    expect(await failure(mailer().send(mail))).toBeInstanceOf(MailRefused);
  });

  it('says of a refused address that it needs SMTPUTF8, without naming it', async () => {
    answer = 422;
    const refusalOf = async (to: string) => String(await failure(mailer().send({ ...mail, to })));
    expect(await refusalOf('жанна@xn--80a1acny.example')).toBe(
      'MailRefused: the mail provider answered 422 for an address that needs SMTPUTF8',
    );
    expect(await refusalOf('zhanna@xn--80a1acny.example')).toBe(
      'MailRefused: the mail provider answered 422',
    );
  });

  it.each([302, 408, 429, 500, 503, 'reset', 'hang'] as const)('may be retried after %s', async (what) => {
    answer = what;
    const error = await failure(mailer().send(mail));
    expect(error).toBeInstanceOf(MailUnavailable);
    expect(String(error)).not.toContain('upstream');
  });

  it('stops while the provider keeps failing, and resumes with one mail', async () => {
    const clock = new TestClock();
    const guarded = mailer(clock);
    answer = 500;
    for (let i = 0; i < 5; i++) await failure(guarded.send(mail));
    const refused = await failure(guarded.send(mail));
    expect(refused).toBeInstanceOf(AppError);
    expect((refused as AppError).code).toBe('server.unavailable');
    expect(guarded.state).toBe('open');
    expect(received).toHaveLength(5);
    clock.advanceSeconds(11);
    answer = 200;
    await guarded.send(mail);
    expect(guarded.state).toBe('closed');
    expect(received).toHaveLength(6);
  });

  it('does not count refused mails as failures of the provider', async () => {
    const guarded = mailer();
    answer = 422;
    for (let i = 0; i < 6; i++) expect(await failure(guarded.send(mail))).toBeInstanceOf(MailRefused);
    expect(guarded.state).toBe('closed');
  });
});

describe('rendering a mail', () => {
  it('escapes all text', () => {
    const { html, text } = renderMail({
      subject: 'Hi',
      paragraphs: ['<script>alert(1)</script> & "friends"'],
      action: { label: '<b>Go</b>', url: 'https://app.test/?a=1&b="2"' },
      footer: '<img src=x>',
    });
    expect(html).not.toMatch(/<script|<b>|<img/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;friends&quot;');
    expect(html).toContain('href="https://app.test/?a=1&amp;b=%222%22"');
    expect(text).toContain('<script>alert(1)</script> & "friends"');
  });

  it('keeps a name on its line', () => {
    const { subject, text } = renderMail({
      subject: 'Join Eve\r\nBcc: all@auralink.test',
      paragraphs: ['Eve\n\nYour account is blocked: http://evil.test'],
    });
    expect(subject).toBe('Join Eve Bcc: all@auralink.test');
    expect(text).toBe('Eve Your account is blocked: http://evil.test\n');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'no address'])('does not link to %s', (target) => {
    expect(() => renderMail({ subject: 'x', paragraphs: [], action: { label: 'x', url: target } })).toThrow();
  });
});

describe('a name in a mail', () => {
  it('keeps the order of the text around it, whatever its direction', () => {
    expect(toDisplayText('\u202Eada\nlovelace')).toBe('ada lovelace');
    expect(toDisplayText('עדה')).toBe('\u2068עדה\u2069');
    expect(toDisplayText('Ada')).toBe('Ada');
  });

  it('is shortened between characters, never inside of one', () => {
    expect(toDisplayText('👋'.repeat(100))).toBe('👋'.repeat(80));
  });
});
