import { describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp } from '../../support/app.ts';

describe('a defect in building statements', () => {
  const broken = () => {
    throw new TypeError('no such column');
  };

  it('is told as it is, not as an outage of the database', async () => {
    const { database } = createTestApp().services;
    await expect(database.read(systemScope, broken)).rejects.toThrow('no such column');
    await expect(database.commit(systemScope, broken)).rejects.toThrow('no such column');
  });

  it('does not open the breaker, however often it happens', async () => {
    const { database } = createTestApp().services;
    for (let i = 0; i < 10; i++) await expect(database.read(systemScope, broken)).rejects.toThrow();
    expect(database.breaker.state).toBe('closed');
  });
});
