import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalDomain, canonicalEmail } from '../../../src/identity/users/email.rules.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { GOOD_PASSWORD } from '../../support/sign-in.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const signUp = (email: string) =>
  app.send('POST', '/api/v1/auth/signup', { body: { email, password: GOOD_PASSWORD, name: 'Ada' } });
const logIn = (email: string) =>
  app.send('POST', '/api/v1/auth/login', { body: { email, password: GOOD_PASSWORD } });

describe('an email address', () => {
  it.each([
    ['ADA@Northwind.Example', 'ada@northwind.example'],
    [' ada@northwind.example ', 'ada@northwind.example'],
    ['ada@München.example', 'ada@xn--mnchen-3ya.example'],
    ['ada@XN--MNCHEN-3YA.example', 'ada@xn--mnchen-3ya.example'],
    ['почта@пример.рф', 'почта@xn--e1afmkfd.xn--p1ai'],
    ['ПОЧТА@ПРИМЕР.РФ', 'почта@xn--e1afmkfd.xn--p1ai'],
    ['用户@例子。测试', '用户@xn--fsqu00a.xn--0zwm56d'],
    ['José@example.com', 'josé@example.com'],
    ['Jose\u0301@example.com', 'josé@example.com'],
    ["o'neil+tag@example.com", "o'neil+tag@example.com"],
  ])('%s has the one form %s, which it keeps', (entered, canonical) => {
    expect(canonicalEmail(entered)).toBe(canonical);
    expect(canonicalEmail(canonical)).toBe(canonical);
  });

  it.each([
    ['no domain', 'ada'],
    ['nothing before the @', '@example.com'],
    ['two dots', 'a..b@example.com'],
    ['a dot at the beginning', '.ada@example.com'],
    ['a space', 'a da@example.com'],
    ['a domain without a dot', 'ada@localhost'],
    ['a domain that is an IP address', 'ada@１２７.0.0.1'],
    ['a domain with an escape', 'ada@ex%61mple.com'],
    ['a port', 'ada@example.com:80'],
    ['a path', 'ada@exämple.com/x'],
    ['Latin and Cyrillic characters that look alike', 'аdmin@example.com'],
    ['an override of the direction', 'ad\u202Ea@example.com'],
    ['a mark without a base', '\u0301ada@example.com'],
    ['a lone surrogate', 'ad\uD800a@example.com'],
    ['more than 254 bytes', `${'й'.repeat(125)}@example.com`],
  ])('with %s is refused', (_, entered) => {
    expect(canonicalEmail(entered)).toBeNull();
  });

  it('shows a domain of look-alike characters as ASCII that differs', () => {
    expect(canonicalDomain('аpple.com')).toBe('xn--pple-43d.com');
    expect(canonicalDomain('apple.com')).toBe('apple.com');
  });

  it('of another script signs up and logs in, however it is entered', async () => {
    const created = await signUp('Жанна@Почта.Example');
    expect(created).toMatchObject({ status: 201, body: { user: { email: 'жанна@xn--80a1acny.example' } } });
    expect(await signUp('ЖАННА@xn--80a1acny.example')).toMatchObject({ status: 409 });
    expect(await logIn('жанна@почта.example')).toMatchObject({ status: 200 });
    await app.drain();
    expect(app.mailbox.latestTo('жанна@xn--80a1acny.example').subject).toBe('You have an account already');
  });

  it('of another script is invited where its domain is allowed', async () => {
    const { token, organizationId } = await app.person();
    const path = `/api/v1/organizations/${organizationId}`;
    const settings = { allowedEmailDomains: ['Почта.example'] };
    const updated = await app.send('PATCH', path, { token, body: { settings } });
    expect(updated.body.settings.allowedEmailDomains).toEqual(['xn--80a1acny.example']);
    const invite = (email: string) => app.send('POST', `${path}/invitations`, { token, body: { email } });
    expect(await invite('иван@почта.example')).toMatchObject({
      status: 201,
      body: { email: 'иван@xn--80a1acny.example' },
    });
    expect(await invite('ИВАН@xn--80a1acny.example')).toMatchObject({
      status: 409,
      body: { code: 'invitations.already_pending' },
    });
    expect(await invite('ivan@example.com')).toMatchObject({
      status: 422,
      body: { code: 'invitations.domain_not_allowed' },
    });
  });
});
