import { asSystem, type Ctx } from '../../kernel/context/index.ts';
import type { Recording } from '../recordings/index.ts';
import { noteOpened } from './recording-downloads.queries.ts';

/** Notes after the answer that somebody was given the address of a recording: what nobody opens can be found. */
export function noteOpening(caller: Ctx, { id: recordingId, organizationId }: Recording): void {
  const openedAt = new Date(caller.clock.now());
  // Neither guests nor the holders of a page's address write anything.
  const ctx = asSystem(caller, 'recordings.opened');
  caller.after('recordings.opened', () =>
    ctx.commit({
      write: (q) => [noteOpened(q, { recordingId, organizationId, openedAt })],
      result: undefined,
    }),
  );
}
