import { describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp } from '../../support/app.ts';

describe('an error while building statements', () => {
  const broken = () => {
    throw new TypeError('no such column');
  };

  it('is thrown unchanged and does not count as an outage', async () => {
    const { database } = createTestApp().services;
    await expect(database.read(systemScope, broken)).rejects.toThrow('no such column');
    await expect(database.commit(systemScope, broken)).rejects.toThrow('no such column');
  });

  it('never opens the circuit breaker', async () => {
    const { database } = createTestApp().services;
    for (let i = 0; i < 10; i++) await expect(database.read(systemScope, broken)).rejects.toThrow();
    expect(database.breaker.state).toBe('closed');
  });
});
