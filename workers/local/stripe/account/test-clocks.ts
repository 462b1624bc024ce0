import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { int, listShape, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import type { Account } from './account.ts';
import { actUntil } from './clock.ts';
import type { Rows } from './stored.ts';

type TestClock = Rows['test_helpers.test_clock'];
const DAY = 86_400;

function createClock(
  account: Account,
  { frozen_time, name }: { frozen_time: number; name?: string },
): TestClock {
  return account.create<TestClock>({
    id: account.store.newId('clock'),
    object: 'test_helpers.test_clock',
    created: account.now(),
    deletes_after: account.now() + 30 * DAY,
    frozen_time,
    livemode: false,
    name: name ?? null,
    status: 'ready',
    status_details: {},
  });
}

/** Moves a clock forward; when the answer is given, everything has happened and the clock is ready. */
function advanceClock(account: Account, id: string, to: number): TestClock {
  const { frozen_time: from } = account.store.get('test_helpers.test_clock', id);
  if (to <= from) throw StripeFailure.invalid('A test clock can only be advanced.', 'frozen_time');
  actUntil(account, id, to);
  return account.update('test_helpers.test_clock', id, { frozen_time: to }, 'ready');
}

export const testClockRoutes = [
  route(
    'POST /v1/test_helpers/test_clocks',
    { frozen_time: int, name: text.optional() },
    ({ account, params }) => createClock(account, params),
  ),
  route('GET /v1/test_helpers/test_clocks', listShape, ({ account, params, path }) =>
    pageOf(account.store.all('test_helpers.test_clock').toReversed(), path, params),
  ),
  route('GET /v1/test_helpers/test_clocks/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('test_helpers.test_clock', id),
  ),
  route(
    'POST /v1/test_helpers/test_clocks/:id/advance',
    { frozen_time: int },
    ({ account, params, ids: [id = ''] }) => advanceClock(account, id, params.frozen_time),
  ),
];
