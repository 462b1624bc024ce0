import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** @returns a check of `Authorization: Bearer <secret>` that takes the same time whatever is sent */
export function createAuthorizer(secrets: readonly string[]): (header: string | undefined) => boolean {
  const digests = secrets.map(digest);
  return (header) => {
    const sent = digest(/^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '');
    return digests.map((known) => timingSafeEqual(known, sent)).includes(true);
  };
}
