/**
 * The events of a piece of work, as a stream. A reader that is slower than the work gets the latest event, never a growing queue; while
 * nothing new comes the last one is repeated. The last event of the work is always delivered, and its error is thrown.
 */
export async function* latest<Event>(
  first: Event,
  repeatMs: number,
  work: (emit: (event: Event) => void) => Promise<void>,
): AsyncGenerator<Event> {
  const state = { event: first, isNew: true, isDone: false, wake: () => {} };
  const done = work((event) => {
    Object.assign(state, { event, isNew: true });
    state.wake();
  }).finally(() => {
    state.isDone = true;
    state.wake();
  });
  done.catch(() => undefined); // thrown below, once the reader is there
  while (!state.isDone || state.isNew) {
    if (!state.isNew) {
      const timer = setTimeout(() => state.wake(), repeatMs);
      await new Promise<void>((resolve) => (state.wake = resolve));
      clearTimeout(timer);
    }
    if (state.isDone && !state.isNew) break;
    state.isNew = false;
    yield state.event;
  }
  await done;
}
