import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { COUNTERS } from '../../../src/kernel/core/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const metrics = () => app.send('GET', '/metrics', { token: app.operator });

/** The value of the one series whose line contains every one of `parts`. */
function valueOf(text: string, ...parts: string[]): number {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#') && parts.every((part) => line.includes(part)));
  expect(lines).toHaveLength(1);
  return Number(lines[0]!.split(' ').at(-1));
}

describe('metrics', () => {
  it('require the operator token', async () => {
    const person = await app.person();
    expect((await app.send('GET', '/metrics')).status).toBe(401);
    expect((await app.send('GET', '/metrics', { token: person.token })).status).toBe(401);
    expect((await app.send('GET', '/metrics', { token: `${app.operator}x` })).status).toBe(401);
    expect((await metrics()).status).toBe(200);
  });

  it('are Prometheus text: every series has help, type and a number', async () => {
    const { body, headers } = await metrics();
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const declared = new Set<string>();
    for (const line of body.trimEnd().split('\n')) {
      const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line);
      if (type) declared.add(type[1]!);
      if (line.startsWith('#')) continue;
      const series = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})? (\S+)$/.exec(line);
      expect(series, line).not.toBeNull();
      const family = series![1]!.replace(/_(bucket|sum|count)$/, '');
      expect(declared.has(series![1]!) || declared.has(family), line).toBe(true);
      expect(Number.isFinite(Number(series![3]))).toBe(true);
    }
  });

  it('include every metric that an alert is about, and every section that an alert refers to exists', async () => {
    const rules = await readFile('workers/ops/alerts.rules.yml', 'utf8');
    const alerts = [...rules.matchAll(/- alert: (\w+)\n\s+expr: ([\s\S]+?)\n\s+(?:for|labels):/g)];
    expect(alerts.length).toBe(rules.match(/- alert:/g)?.length);
    const { body } = await metrics();
    const served = new Set([...body.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]!));
    const known = new Set<string>([...served, ...Object.keys(COUNTERS)]);
    for (const [, alert, expression = ''] of alerts) {
      const names = expression.match(/auralink_\w+/g) ?? [];
      expect(names, alert).not.toEqual([]);
      for (const name of names) expect(known, `${alert}: ${name}`).toContain(name);
    }
    const page = await readFile('workers/ops/README.md', 'utf8');
    for (const [, section] of rules.matchAll(/See "([^"]+)" in workers\/ops\/README.md/gi))
      expect(page).toContain(`**${section}**`);
  });

  it('count the requests of this isolate by route and status class, under its name', async () => {
    await app.send('GET', '/api/v1/organizations');
    await app.send('GET', '/api/v1/organizations');
    const { body } = await metrics();
    const { isolate } = app.services.telemetry;
    const series = [
      'auralink_isolate_requests_total',
      `isolate="${isolate}"`,
      'route="/api/v1/organizations"',
    ];
    expect(valueOf(body, ...series, 'class="4xx"')).toBe(2);
    const durations = ['auralink_isolate_request_duration_seconds', 'route="/api/v1/organizations"'];
    expect(valueOf(body, ...durations, 'le="+Inf"')).toBe(2);
    expect(
      valueOf(body, 'auralink_isolate_request_duration_seconds_count', 'route="/api/v1/organizations"'),
    ).toBe(2);
    const person = await app.person();
    await app.send('GET', '/api/v1/organizations', { token: person.token });
    const next = (await metrics()).body;
    expect(valueOf(next, 'auralink_isolate_database_round_trips_total', 'kind="read"')).toBeGreaterThan(0);
    expect(valueOf(next, 'auralink_isolate_limiter_decisions_total', 'decision="admitted"')).toBeGreaterThan(
      0,
    );
  });

  it('read the gauges in one round trip', async () => {
    const before = app.roundTrips();
    const { body } = await metrics();
    expect(app.roundTrips() - before).toBe(1);
    expect(valueOf(body, 'auralink_database_up')).toBe(1);
  });

  it('show waiting messages, how long the oldest has been due, and unsealed audit entries', async () => {
    const person = await app.person();
    const waiting = async () =>
      valueOf((await metrics()).body, 'auralink_outbox_messages', 'status="unpublished"');
    const before = await waiting();
    await app.send('PATCH', `/api/v1/organizations/${person.organizationId}`, {
      token: person.token,
      body: { name: 'Renamed' },
    });
    expect(await waiting()).toBeGreaterThan(before);
    app.clock.advanceSeconds(90);
    const { body } = await metrics();
    expect(valueOf(body, 'auralink_outbox_oldest_due_age_seconds')).toBeGreaterThanOrEqual(90);
    expect(valueOf(body, 'auralink_audit_unsealed_entries')).toBeGreaterThan(0);
    expect(valueOf(body, 'auralink_audit_unsealed_oldest_age_seconds')).toBeGreaterThanOrEqual(90);
    expect(valueOf(body, 'auralink_outbox_dead_letters')).toBeGreaterThanOrEqual(0);
  });
});
