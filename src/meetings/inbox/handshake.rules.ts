import { INBOX_PROTOCOL } from './inbox.protocol.ts';

/** The subprotocol that the answer names: ours when it was offered, none when none was. */
export function chosenProtocol(protocols: string | null): string | undefined {
  const offered = (protocols ?? '').split(',').map((each) => each.trim());
  return offered.includes(INBOX_PROTOCOL) ? INBOX_PROTOCOL : undefined;
}
